import { artifactUrl } from "../../api/artifacts";
import { Markdown } from "../../components/markdown";
import { foldersAbove } from "../../lib/files";
import { join } from "../../lib/tree";
import { type OpenFile, PartNote, Range } from "./file";

const MOST_BYTES = 400_000;

/** Markdown as its author meant it; pictures beside the file are shown, those of other hosts are links. */
export default function MarkdownView({ file }: { file: OpenFile }) {
  const folder = foldersAbove(file.path).at(-1) ?? "";
  return (
    <Range file={file} end={MOST_BYTES}>
      {(bytes) => (
        <>
          <PartNote file={file} shown={bytes.length} />
          <div className="preview-scroll padded" tabIndex={0} role="region" aria-label="Content of the file">
            <Markdown
              text={new TextDecoder().decode(bytes)}
              resolve={(path) => artifactUrl(file.owner, join(folder, path))}
            />
          </div>
        </>
      )}
    </Range>
  );
}
