import { memo } from "react";
import { Icon } from "../../components/icons";
import { keyOf, kindOf, labelOf, searchName } from "../../lib/columns";
import { formatCount, formatNumber, plural } from "../../lib/format";
import { type Figures, figureOf, type GroupLine, groupFilter, type Line } from "../../lib/groups";
import { guessDirection, type MainMetric } from "../../lib/metrics";
import type { GroupStat } from "../../lib/url-state";
import { type ColumnFacts, NAME_WIDTH } from "./column-facts";
import type { GridLayout } from "./grid-head";
import type { GridActions } from "./grid-props";
import { Caret } from "./grid-row";

interface Props extends GridLayout {
  line: GroupLine;
  lines: readonly Line[];
  index: number;
  top: number;
  stat: GroupStat;
  main: MainMetric | undefined;
  best: boolean;
  whole: boolean;
  query: string;
  activeColumn: number;
  act: GridActions;
}

/** Groups with the best mean of the main metric among those of their level. */
export function bestGroups(lines: readonly Line[], main: MainMetric | undefined): ReadonlySet<string> {
  const sign = main?.direction === "min" ? -1 : 1;
  const best = new Map<number, { key: string; mean: number; among: number }>();
  for (const line of lines) {
    const mean = line.kind === "group" && main ? line.group.metrics[main.key]?.mean : undefined;
    if (mean === undefined) continue;
    const known = best.get(line.level);
    const among = (known?.among ?? 0) + 1;
    best.set(
      line.level,
      !known || mean * sign > known.mean * sign ? { key: line.key, mean, among } : { ...known, among },
    );
  }
  return new Set([...best.values()].flatMap(({ key, among }) => (among > 1 ? [key] : [])));
}

/** The runs that share a value, with the figures of their metrics. */
export const GroupRow = memo(function GroupRow(props: Props) {
  const { line, index, top, facts, frozen, best, whole, activeColumn, act, stat, main } = props;
  const label = `${labelOf(line.column)} = ${line.value ?? "none"}`;
  const active = activeColumn > -2;
  const cell = (place: number) =>
    facts[place] && (
      <GroupCell
        key={facts[place].column}
        facts={facts[place]}
        place={place}
        index={index}
        active={activeColumn === place}
        line={line}
        best={best}
        stat={stat}
        main={main}
      />
    );
  const places = facts.slice(props.firstShown, props.lastShown + 1).map((_, offset) => props.firstShown + offset);
  return (
    <div
      id={`line-${index}`}
      role="row"
      aria-rowindex={index + 2}
      aria-level={line.level}
      aria-expanded={line.open}
      aria-selected={false}
      className={active ? "grid-row group active" : "grid-row group"}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => act.activate(index, -1)}
    >
      <div role="presentation" className="grid-frozen" style={{ width: frozen }}>
        <div role="rowheader" aria-colindex={1} className="grid-name" style={{ width: NAME_WIDTH }}>
          <Caret
            open={whole ? line.open : undefined}
            level={line.level}
            name={label}
            onTurn={() => act.turn(line.key)}
          />
          <span className="muted group-column truncate">{labelOf(line.column)}</span>
          <span
            className={line.value === null ? "truncate muted" : "truncate group-value"}
            title={line.value ?? "not logged"}
          >
            <bdi>{line.value ?? "none"}</bdi>
          </span>
          <span className="chip" title={plural(line.group.runs, "run")}>
            {formatCount(line.group.runs)}
            <span className="visually-hidden"> runs</span>
          </span>
          <span className="spring" />
          <button
            type="button"
            className="row-button"
            tabIndex={-1}
            aria-label={`Show only runs with ${label}`}
            title="Show only these runs"
            onClick={(event) => {
              event.stopPropagation();
              act.filter(filterOf(props));
            }}
          >
            <Icon name="search" />
          </button>
        </div>
        {props.pinned.map(cell)}
      </div>
      {places.filter((place) => !facts[place]!.pinned).map(cell)}
    </div>
  );
});

interface CellProps extends Pick<Props, "line" | "index" | "best" | "stat" | "main"> {
  facts: ColumnFacts;
  place: number;
  active: boolean;
}

function GroupCell({ facts, place, index, active, line, best, stat, main }: CellProps) {
  const { column, width, left, numeric, pinned } = facts;
  // The server sums up last values: of the others there is no figure to show.
  const metric = kindOf(column) === "metrics" ? keyOf(column) : undefined;
  const isBest = best && metric !== undefined && metric === main?.key;
  const classes = ["grid-cell", numeric && "number", pinned && "pinned", active && "active", isBest && "best"];
  return (
    <div
      id={`line-${index}-${place}`}
      role="gridcell"
      aria-colindex={place + 2}
      data-column={place}
      className={classes.filter(Boolean).join(" ")}
      style={pinned ? { width } : { left, width }}
    >
      {isBest && <Icon name="star" className="best-mark" />}
      {isBest && <span className="visually-hidden">best: </span>}
      {metric !== undefined && (
        <FigureCell figures={line.group.metrics[metric]} stat={stat} facts={facts} main={main} />
      )}
    </div>
  );
}

/** The filter of the table, narrowed to the runs of a group and of the groups around it. */
function filterOf({ line, lines, index, query }: Props): string {
  const parts = [{ name: searchName(line.column), value: line.value }];
  for (let above = index - 1, level = line.level; above >= 0 && level > 1; above -= 1) {
    const other = lines[above]!;
    if (other.kind !== "group" || other.level >= level) continue;
    parts.unshift({ name: searchName(other.column), value: other.value });
    level = other.level;
  }
  return [query && (/\bor\b/i.test(query) ? `(${query})` : query), groupFilter(parts)].filter(Boolean).join(" AND ");
}

interface FigureProps {
  figures: Figures | undefined;
  stat: GroupStat;
  facts: ColumnFacts;
  main: MainMetric | undefined;
}

function FigureCell({ figures, stat, facts, main }: FigureProps) {
  if (!figures) return null;
  const metric = keyOf(facts.column);
  const direction = main?.key === metric ? main.direction : guessDirection(metric);
  const figure = figureOf(figures, stat, direction);
  const told = [
    `n ${figures.count}`,
    `mean ${figures.mean}`,
    `std ${figures.std ?? "–"}`,
    `best ${figureOf(figures, "best", direction)}`,
    `min ${figures.min}`,
    `max ${figures.max}`,
  ].join("\n");
  return (
    <span title={told}>
      {figure === undefined ? "–" : formatNumber(figure)}
      {stat === "mean" && figures.std !== null && (
        <span className="muted group-spread">
          <span aria-hidden="true"> ± </span>
          <span className="visually-hidden"> plus or minus </span>
          {formatNumber(Number(figures.std.toPrecision(2)))}
        </span>
      )}
    </span>
  );
}
