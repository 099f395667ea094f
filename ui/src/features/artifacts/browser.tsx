import { useState } from "react";
import type { FileInfo } from "../../api/generated";
import { useFiles } from "../../api/queries";
import { Boundary } from "../../components/boundary";
import { Icon } from "../../components/icons";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, SkeletonRows, Snippet } from "../../components/states";
import { baseName, foldersAbove } from "../../lib/files";
import { formatBytes, formatCount, plural } from "../../lib/format";
import { FilePreview } from "./preview";

const MOST_LISTED = 500;

/** The files of a run: a tree that is read folder by folder, and a preview of the chosen file. */
export default function ArtifactBrowser({ runId }: { runId: string }) {
  const chosen = new URLSearchParams(useQueryText()).get("path") ?? "";
  const { data, error, refetch } = useFiles(runId, "");
  if (error && !data)
    return <Failure title="The files could not be listed" error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={8} />;
  if (data.length === 0) return <NoFiles runId={runId} />;
  return (
    <div className="artifacts">
      <nav className="card artifact-tree" aria-label="Files">
        <Folder runId={runId} path="" chosen={chosen} depth={0} />
      </nav>
      <section className="card artifact-preview" aria-label="Preview">
        {chosen ? (
          <Boundary what="The preview" resetKey={chosen}>
            <ChosenFile key={chosen} runId={runId} path={chosen} />
          </Boundary>
        ) : (
          <Empty small title="Choose a file">
            <p className="muted">Text, JSON, CSV and images are shown here; every file can be downloaded.</p>
          </Empty>
        )}
      </section>
    </div>
  );
}

function NoFiles({ runId }: { runId: string }) {
  const code = [
    "import assay",
    "",
    `assay.set_tracking_uri("${location.origin}")`,
    `with assay.start_run(run_id="${runId}"):`,
    '    assay.log_artifact("results.csv")',
  ].join("\n");
  return (
    <Empty title="No files yet" icon="folder">
      <p className="muted">Log one and it appears here:</p>
      <Snippet code={code} label="Python code that logs a file to this run" />
    </Empty>
  );
}

/** The listing tells a file's size, so the folder of the chosen file is read first. */
function ChosenFile({ runId, path }: { runId: string; path: string }) {
  const folder = foldersAbove(path).at(-1) ?? "";
  const { data, error, refetch } = useFiles(runId, folder);
  if (error && !data)
    return <Failure small title="The file could not be found" error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={6} />;
  const file = data.find((one) => one.path === path);
  if (!file) {
    return (
      <Empty small title="There is no such file" icon="search">
        <p className="state-message mono">{path}</p>
      </Empty>
    );
  }
  if (file.is_dir) return <FolderSummary runId={runId} path={path} />;
  return <FilePreview runId={runId} path={path} size={file.file_size ?? undefined} />;
}

function FolderSummary({ runId, path }: { runId: string; path: string }) {
  const { data } = useFiles(runId, path);
  const files = data?.filter((file) => !file.is_dir) ?? [];
  const size = files.reduce((sum, file) => sum + (file.file_size ?? 0), 0);
  return (
    <Empty small title={baseName(path)} icon="folder">
      <p className="muted">
        {plural(files.length, "file")} here, {formatBytes(size)}
      </p>
    </Empty>
  );
}

interface FolderProps {
  runId: string;
  path: string;
  chosen: string;
  depth: number;
}

function Folder({ runId, path, chosen, depth }: FolderProps) {
  const { data, error, refetch } = useFiles(runId, path);
  const [limit, setLimit] = useState(MOST_LISTED);
  if (error && !data)
    return <Failure small title="This folder could not be listed" error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={2} />;
  return (
    <ul>
      {data.slice(0, limit).map((file) => (
        <Entry key={file.path} runId={runId} file={file} chosen={chosen} depth={depth} />
      ))}
      {data.length > limit && (
        <li>
          <button type="button" className="tree-entry" onClick={() => setLimit(limit + MOST_LISTED)}>
            {formatCount(data.length - limit)} more
          </button>
        </li>
      )}
    </ul>
  );
}

interface EntryProps {
  runId: string;
  file: FileInfo;
  chosen: string;
  depth: number;
}

const INDENT = 16;

function Entry({ runId, file, chosen, depth }: EntryProps) {
  const [open, setOpen] = useState(() => foldersAbove(chosen).includes(file.path));
  const name = baseName(file.path);
  const choose = () => {
    if (file.is_dir) setOpen(!open);
    setParameters({ path: file.path });
  };
  return (
    <li>
      <button
        type="button"
        className="tree-entry"
        style={{ paddingLeft: 8 + depth * INDENT }}
        aria-current={file.path === chosen}
        aria-expanded={file.is_dir ? open : undefined}
        title={file.path}
        onClick={choose}
      >
        <Icon name={file.is_dir ? (open ? "down" : "right") : "file"} />
        <span className="truncate">{file.is_dir ? `${name}/` : name}</span>
        {!file.is_dir && <span className="muted number">{formatBytes(file.file_size ?? 0)}</span>}
      </button>
      {file.is_dir && open && <Folder runId={runId} path={file.path} chosen={chosen} depth={depth + 1} />}
    </li>
  );
}
