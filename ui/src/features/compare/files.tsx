import { useMemo } from "react";
import { useComparedFolder } from "../../api/compared";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, SkeletonRows } from "../../components/states";
import { type ComparedFile, comparedFiles, usualFile } from "../../lib/compared-files";
import { FileDiff } from "./file-diff";
import type { ComparedRun } from "./page";

interface Props {
  runs: ComparedRun[];
  /** The run that the others are compared with. */
  base: ComparedRun;
}

/** Files of the same name in two of the runs, line by line: code, uncommitted changes, settings, reports. */
export function FilesCompared({ runs, base }: Props) {
  const values = new URLSearchParams(useQueryText());
  const others = runs.filter((run) => run.id !== base.id);
  const other = others.find((run) => run.id === values.get("with")) ?? others[0]!;
  const left = useComparedFolder(base);
  const right = useComparedFolder(other);
  const files = useMemo(
    () => (left.data && right.data ? comparedFiles(left.data, right.data, base.keeper === other.keeper) : undefined),
    [left.data, right.data, base.keeper, other.keeper],
  );
  const asked = values.get("file");
  const path = files?.some((file) => file.path === asked) ? asked! : usualFile(files ?? []);
  const error = left.error ?? right.error;
  return (
    <section className="card files-compared" aria-label="Files">
      <header>
        <h2>Files</h2>
        <span className="muted truncate">
          {base.name} {others.length === 1 && `and ${other.name}`}
        </span>
        {others.length > 1 && (
          <label className="compare-choice">
            and
            <select
              className="field"
              aria-label="Run to compare files with"
              value={other.id}
              onChange={(event) => setParameters({ with: event.target.value })}
            >
              {others.map((run) => (
                <option key={run.id} value={run.id}>
                  {run.name}
                </option>
              ))}
            </select>
          </label>
        )}
        {path !== undefined && (
          <label className="compare-choice">
            File
            <select
              className="field"
              aria-label="File"
              value={path}
              onChange={(event) => setParameters({ file: event.target.value })}
            >
              {files?.map((file) => (
                <option key={file.path} value={file.path}>
                  {file.path}
                  {noteOf(file, base, other)}
                </option>
              ))}
            </select>
          </label>
        )}
      </header>
      {error && (
        <Failure
          small
          title="The files could not be listed"
          error={error}
          retry={() => {
            left.retry();
            right.retry();
          }}
        />
      )}
      {!error && !files && <SkeletonRows rows={6} />}
      {files?.length === 0 && (
        <Empty small title="No text file to compare">
          <p className="muted">Code, settings and reports that both runs logged under one name are compared here.</p>
        </Empty>
      )}
      {path !== undefined && <FileDiff base={base} other={other} path={path} />}
    </section>
  );
}

function noteOf({ where }: ComparedFile, base: ComparedRun, other: ComparedRun): string {
  if (where === "both") return "";
  return `, only in ${where === "left" ? base.name : other.name}`;
}
