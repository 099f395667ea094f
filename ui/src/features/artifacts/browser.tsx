import "../../styles/artifacts.css";
import "../../styles/previews.css";
import { useDeferredValue, useMemo, useState } from "react";
import type { Owner } from "../../api/artifacts";
import { useFolder } from "../../api/files";
import type { Files as FolderFiles } from "../../api/generated";
import { Boundary } from "../../components/boundary";
import { Icon } from "../../components/icons";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, SkeletonRows } from "../../components/states";
import { contentsOf, foldersAbove } from "../../lib/files";
import { plural } from "../../lib/format";
import { joinList, splitList } from "../../lib/url-state";
import { ChosenPath } from "./chosen";
import { FolderActions } from "./folder-actions";
import { NoFiles } from "./no-files";
import { FileTree } from "./tree";

/** The files of a run or a logged model: a tree of any size, and a preview of what is chosen. */
export default function ArtifactBrowser({ owner }: { owner: Owner }) {
  const values = new URLSearchParams(useQueryText());
  const chosen = values.get("path") ?? "";
  const find = values.get("find") ?? "";
  const { data, error, refetch } = useFolder(owner, "");
  if (error && !data)
    return <Failure title="The files could not be listed" error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={8} />;
  if (data.total === 0) return <NoFiles owner={owner} />;
  return (
    <div className="artifacts">
      <Files owner={owner} chosen={chosen} find={find} opened={values.get("open") ?? ""} />
      <section className="card artifact-preview" aria-label="Preview">
        <Boundary what="The preview" resetKey={chosen}>
          {chosen ? <ChosenPath key={chosen} owner={owner} path={chosen} /> : <Overview owner={owner} files={data} />}
        </Boundary>
      </section>
    </div>
  );
}

function Files({ owner, chosen, find, opened }: { owner: Owner; chosen: string; find: string; opened: string }) {
  const open = useOpenFolders(opened, chosen);
  const contains = useDeferredValue(find.trim());
  return (
    <nav className="card artifact-tree" aria-label="Files">
      <div className="tree-filter">
        <Icon name="search" />
        <input
          type="search"
          className="field"
          placeholder="Find files by name"
          aria-label="Find files by name"
          value={find}
          onChange={(event) => setParameters({ find: event.target.value })}
        />
      </div>
      {contains && <Found owner={owner} contains={contains} />}
      <FileTree
        key={contains === "" ? "tree" : `found ${contains}`}
        owner={owner}
        chosen={chosen}
        contains={contains}
        open={open.folders}
        onOpen={open.change}
        onChoose={(path) => setParameters({ path, line: "", as: "" })}
      />
    </nav>
  );
}

/** The folders that stand open: those above what is chosen, and those of the address. */
function useOpenFolders(opened: string, chosen: string) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const folders = useMemo(() => {
    const above = foldersAbove(chosen).filter((path) => !closed.has(path));
    return new Set([...splitList(opened), ...above]);
  }, [opened, chosen, closed]);
  const change = (next: Set<string>) => {
    setClosed(new Set(foldersAbove(chosen).filter((path) => !next.has(path))));
    setParameters({ open: joinList([...next]) });
  };
  return { folders, change };
}

function Found({ owner, contains }: { owner: Owner; contains: string }) {
  const { data, error } = useFolder(owner, "", contains);
  const words = () => {
    if (error) return error.message;
    if (!data) return "Searching";
    const partly = data.complete ? "" : "; not all folders could be looked through in time";
    return data.total === 0 ? `No file has ${contains} in its name${partly}` : plural(data.total, "file") + partly;
  };
  return (
    <p className="preview-note" role="status">
      {words()}
    </p>
  );
}

function Overview({ owner, files }: { owner: Owner; files: FolderFiles }) {
  return (
    <Empty small title="Choose a file" icon="file">
      <p className="muted">
        {contentsOf(files)} here. Text, tables, images, sound, notebooks, models and more are shown; every file can be
        downloaded.
      </p>
      <FolderActions owner={owner} path="" />
    </Empty>
  );
}
