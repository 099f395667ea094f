import { Icon } from "../../components/icons";
import { Value } from "../../components/value";
import { type Cell, isMissing, toFinite } from "../../lib/cells";
import type { Section } from "../../lib/compare-rows";
import type { DiffRow } from "../../lib/diff";
import { formatNumber, plural } from "../../lib/format";
import type { Frame } from "../../lib/frame";
import { bestRows, type Direction, knownDirection, type MainMetric } from "../../lib/metrics";
import { commitPage } from "../../lib/provenance";

const MOST_ROWS = 300;

export interface SectionProps {
  frame: Frame;
  section: Section;
  everything: boolean;
  /** Which column the others are compared with; -1 for none. */
  base: number;
  main: MainMetric | undefined;
}

/** The lines below one heading of a comparison. */
export function SectionRows({ frame, section, everything, base, main }: SectionProps) {
  const { title, noun, rows } = section;
  const shown = everything ? rows : rows.filter((row) => row.differs);
  if (rows.length === 0) return null;
  const left = shown.length - MOST_ROWS;
  return (
    <>
      <tr className="compare-section">
        <th scope="colgroup" colSpan={frame.runIds.length + 1}>
          {title}
          {shown.length === 0 && <span className="muted"> equal in all, {plural(rows.length, noun)}</span>}
        </th>
      </tr>
      {shown.slice(0, MOST_ROWS).map((row) => (
        <CompareRow key={row.column} frame={frame} section={section} row={row} base={base} main={main} />
      ))}
      {left > 0 && (
        <tr>
          <td colSpan={frame.runIds.length + 1} className="muted">
            and {plural(left, `more ${noun}`)}
          </td>
        </tr>
      )}
    </>
  );
}

type RowProps = Omit<SectionProps, "everything"> & { row: DiffRow };

function CompareRow({ frame, section, row, base, main }: RowProps) {
  const isMetric = section.kind === "metric";
  const known = row.key === main?.key ? main.direction : knownDirection(row.key);
  const direction = isMetric ? known : undefined;
  const cells = { runIds: frame.runIds, columns: new Map([[row.column, row.cells]]) };
  const best = direction ? bestRows(cells, row.column, direction) : new Set<number>();
  return (
    <tr>
      <th scope="row" title={row.key}>
        <span className="truncate">{row.key}</span>
      </th>
      {row.cells.map((cell, at) => (
        <td
          key={frame.runIds[at]}
          className={[isMetric && "tabular", best.has(at) && "best", at === base && "baseline"]
            .filter(Boolean)
            .join(" ")}
        >
          {best.has(at) && (
            <>
              <Icon name="star" className="best-mark" />
              <span className="visually-hidden">best: </span>
            </>
          )}
          {row.column.endsWith("git.commit") ? <Commit frame={frame} at={at} cell={cell} /> : <Value cell={cell} />}
          {base >= 0 && at !== base && <Difference row={row} at={at} base={base} direction={direction} />}
        </td>
      ))}
    </tr>
  );
}

const REPOSITORY = "tags.mlflow.source.git.repoURL";
const SHORT = 10;

/** A commit, with a link to where it can be read if its repository is on a host that shows commits. */
function Commit({ frame, at, cell }: { frame: Frame; at: number; cell: Cell }) {
  if (isMissing(cell)) return <Value cell={cell} />;
  const commit = String(cell);
  const page = commitPage(String(frame.columns.get(REPOSITORY)?.[at] ?? ""), commit);
  const short = commit.slice(0, SHORT);
  if (!page) return <code title={commit}>{short}</code>;
  return (
    <a className="mono" href={page} target="_blank" rel="noreferrer" title={commit}>
      {short}
    </a>
  );
}

interface DifferenceProps {
  row: DiffRow;
  at: number;
  base: number;
  direction: Direction | undefined;
}

/** How a cell differs from the baseline's: by how much for numbers, a mark for texts. */
function Difference({ row, at, base, direction }: DifferenceProps) {
  const [cell, reference] = [row.cells[at], row.cells[base]];
  const [value, from] = [toFinite(cell), toFinite(reference)];
  if (value === undefined || from === undefined) {
    if (cell === reference) return null;
    return (
      <span className="compare-differs" title="Differs from the baseline">
        ≠<span className="visually-hidden"> differs from the baseline</span>
      </span>
    );
  }
  if (value === from) return null;
  const difference = value - from;
  const better = direction && (direction === "max" ? difference > 0 : difference < 0);
  return (
    <span className={better === undefined ? "delta" : better ? "delta better" : "delta worse"}>
      {` ${difference > 0 ? "+" : ""}${formatNumber(difference)}`}
      {better !== undefined && <span className="visually-hidden">{better ? ", better" : ", worse"}</span>}
    </span>
  );
}
