import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type FileOwner, MOST_TEXT, useComparedText } from "../../api/compared";
import { Empty, Failure, SkeletonRows } from "../../components/states";
import { askWorker } from "../../components/worker";
import { previewOf } from "../../lib/files";
import { formatCount, plural } from "../../lib/format";
import { type DiffLine, foldEqual, type LineDiff } from "../../lib/line-diff";
import type { DiffQuestion } from "./diff-worker";

const SECONDS = 10;
const AROUND = 3;
const MOST_LINES = 3000;

interface Props {
  /** The runs whose file is compared, with their names. */
  base: FileOwner & { name: string };
  other: FileOwner & { name: string };
  path: string;
}

/** One file of two runs, line by line. */
export function FileDiff({ base, other, path }: Props) {
  const left = useComparedText(base, path);
  const right = useComparedText(other, path);
  const texts = left.data !== undefined && right.data !== undefined ? [left.data ?? "", right.data ?? ""] : undefined;
  const diff = useQuery({
    queryKey: ["line-diff", base.id, other.id, path, left.dataUpdatedAt, right.dataUpdatedAt],
    enabled: texts !== undefined,
    gcTime: 60_000,
    retry: false,
    structuralSharing: false,
    queryFn: ({ signal }) => {
      const question: DiffQuestion = { left: texts![0]!, right: texts![1]!, json: previewOf(path) === "json" };
      const worker = new Worker(new URL("./diff-worker.ts", import.meta.url), { type: "module" });
      return askWorker<LineDiff>(worker, question, { milliseconds: SECONDS * 1000, signal });
    },
  });
  const failed = left.error ?? right.error ?? diff.error;
  if (failed) {
    const retry = () => void Promise.all([left.refetch(), right.refetch(), diff.refetch()]);
    return <Failure small title="The files could not be compared" error={failed} retry={retry} />;
  }
  if (!texts || !diff.data) return <SkeletonRows rows={8} />;
  const cut = texts.some((text) => text.length >= MOST_TEXT);
  return (
    <>
      {left.data === null && <p className="notice-text">{base.name} has no such file.</p>}
      {right.data === null && <p className="notice-text">{other.name} has no such file.</p>}
      {cut && <p className="notice-text">Only the first megabyte of each file is compared.</p>}
      <DiffLines
        key={`${base.id} ${other.id} ${path}`}
        diff={diff.data}
        label={`${path}: ${base.name} and ${other.name}`}
      />
    </>
  );
}

function DiffLines({ diff: { lines, added, removed, rough }, label }: { diff: LineDiff; label: string }) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  if (added + removed === 0) return <Empty small icon="check" title="No line differs" />;
  let left = MOST_LINES;
  const stretches = foldEqual(lines, AROUND).map((stretch) => {
    if ("hidden" in stretch && !opened.has(stretch.from)) return stretch;
    const all = "hidden" in stretch ? lines.slice(stretch.from, stretch.from + stretch.hidden) : stretch.lines;
    const shown = all.slice(0, Math.max(0, left));
    left -= all.length;
    return { lines: shown };
  });
  return (
    <>
      <p className="muted" role="status">
        {plural(added, "line")} added, {plural(removed, "line")} removed
        {rough && "; the files have little in common, so everything between is told as replaced"}
      </p>
      <div className="diff-box" tabIndex={0} role="region" aria-label={label}>
        <table className="diff">
          <caption className="visually-hidden">{label}, line by line</caption>
          <tbody>
            {stretches.map((stretch) =>
              "hidden" in stretch ? (
                <tr key={`fold ${stretch.from}`} className="diff-fold">
                  <td colSpan={4}>
                    <button
                      type="button"
                      className="link-button"
                      onClick={() => setOpened(new Set([...opened, stretch.from]))}
                    >
                      {plural(stretch.hidden, "equal line")}
                    </button>
                  </td>
                </tr>
              ) : (
                stretch.lines.map((line) => <Line key={`${line.left} ${line.right}`} line={line} />)
              ),
            )}
          </tbody>
        </table>
      </div>
      {left < 0 && <p className="muted">and {formatCount(-left)} more lines; download the files to see them</p>}
    </>
  );
}

const MARKS = { same: "", removed: "−", added: "+" };
const WORDS = { same: "", removed: "removed: ", added: "added: " };

function Line({ line: { kind, left, right, text } }: { line: DiffLine }) {
  return (
    <tr className={`diff-row-${kind}`}>
      <td className="diff-number">{left}</td>
      <td className="diff-number">{right}</td>
      <td className="diff-mark" aria-hidden="true">
        {MARKS[kind]}
      </td>
      <td className="diff-text">
        <span className="visually-hidden">{WORDS[kind]}</span>
        {text}
      </td>
    </tr>
  );
}
