import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { artifactUrl, type Facts, type Owner } from "../../api/artifacts";
import { useFacts, useFolder } from "../../api/files";
import { later } from "../../components/later";
import { setParameters } from "../../components/parameters";
import { Empty, Failure } from "../../components/states";
import { baseName, contentsOf, visibleName } from "../../lib/files";
import { ReopenProvider, Waiting } from "./file";
import { FolderActions } from "./folder-actions";
import { FilePreview } from "./preview";

const ModelFolder = later(async () => ({ default: (await import("./model-view")).ModelFolder }), <Waiting />);

/** What is at a path: a file, a folder, or nothing (any more). */
export function ChosenPath({ owner, path }: { owner: Owner; path: string }) {
  const { data, error, refetch } = useFacts(owner, path);
  const client = useQueryClient();
  const seen = useRef(false);
  if (error && !data) {
    const retry = () => void refetch();
    return <Failure small title="The file could not be opened" error={error} retry={retry} />;
  }
  if (!data) return <Waiting />;
  if (data === "folder") return <Folder owner={owner} path={path} />;
  if (data === "nothing") return <Gone path={path} seen={seen.current} />;
  seen.current = true;
  const reopen = () => void client.invalidateQueries({ queryKey: ["files", owner.kind, owner.id] });
  return (
    <ReopenProvider value={reopen}>
      <Opened owner={owner} path={path} facts={data} />
    </ReopenProvider>
  );
}

function Opened({ owner, path, facts }: { owner: Owner; path: string; facts: Facts }) {
  return <FilePreview key={facts.etag} file={{ owner, path, facts, url: artifactUrl(owner, path) }} />;
}

function Gone({ path, seen }: { path: string; seen: boolean }) {
  return (
    <Empty small title={seen ? "The file was deleted" : "There is no such file"} icon="search">
      <p className="state-message mono">{visibleName(path)}</p>
      <p className="muted">
        {seen
          ? "It was there when you opened it."
          : "It may have been deleted or renamed, or the address is not whole."}
      </p>
      <button type="button" className="button" onClick={() => setParameters({ path: "" })}>
        All files
      </button>
    </Empty>
  );
}

function Folder({ owner, path }: { owner: Owner; path: string }) {
  const { data } = useFolder(owner, path);
  if (!data) return <Waiting />;
  if (data.names.includes("MLmodel")) return <ModelFolder owner={owner} path={path} />;
  return (
    <Empty small title={visibleName(baseName(path))} icon="folder">
      <p className="muted">
        {contentsOf(data)} here.{data.complete ? "" : " The tree reads more as you scroll."}
      </p>
      <FolderActions owner={owner} path={path} />
    </Empty>
  );
}
