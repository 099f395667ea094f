import { archiveUrl, type Owner } from "../../api/artifacts";
import { CopyButton } from "../../components/copy";
import { Icon } from "../../components/icons";
import { baseName, downloadCode } from "../../lib/files";

/** What can be done with a folder: its files as one ZIP file, its path, code that fetches it. */
export function FolderActions({ owner, path }: { owner: Owner; path: string }) {
  return (
    <p className="file-actions">
      <a className="button" href={archiveUrl(owner, path)} download={`${baseName(path) || owner.id}.zip`}>
        <Icon name="download" />
        Download as ZIP
      </a>
      {path && <CopyButton text={path} label="Copy the path" />}
      <CopyButton
        text={downloadCode(owner, path, location.origin)}
        label="Copy Python code that fetches it"
        icon="code"
      />
    </p>
  );
}
