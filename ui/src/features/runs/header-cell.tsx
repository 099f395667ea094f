import { type DragEvent, type KeyboardEvent, type MouseEvent, type PointerEvent, useState } from "react";
import { Icon } from "../../components/icons";
import { later } from "../../components/later";
import { Popover } from "../../components/popover";
import { fullLabelOf, isMetric, keyOf, kindOf, labelOf, METRIC_WORDS } from "../../lib/columns";
import type { SortKey } from "../../lib/frame";
import { type Direction, guessDirection, type MainMetric } from "../../lib/metrics";
import { type ColumnFacts, metricOf } from "./column-facts";
import type { GridActions } from "./grid-props";

const HeadingMenu = later(() => import("./heading-menu"), <div className="menu-waiting" />);

interface Props {
  facts: ColumnFacts;
  index: number;
  sort: SortKey[];
  main: MainMetric | undefined;
  act: GridActions;
  grouped: readonly string[];
  /** The column that is being dragged, if any. */
  dragged: string | undefined;
  onDrag: (column: string | undefined) => void;
}

const NARROWEST = 48;
const WIDEST = 900;
const STEP = 16;

/** The order after a click on a heading: other way round, or sorted by it first; with Shift, by it too. */
export function nextSort(
  sort: SortKey[],
  column: string,
  { add, direction }: { add: boolean; direction: Direction },
): SortKey[] {
  const present = sort.find((key) => key.column === column);
  const key = { column, descending: present ? !present.descending : direction === "max" };
  if (!add) return [key];
  return present ? sort.map((other) => (other === present ? key : other)) : [...sort, key];
}

/** Which way a column is sorted first: the best value of a metric on top, the newest time, else upwards. */
export function firstDirection(column: string, main: MainMetric | undefined): Direction {
  if (isMetric(column)) return main?.key === keyOf(column) ? main.direction : guessDirection(keyOf(column));
  return /_time$/.test(column) ? "max" : "min";
}

/** What is sorted by where a heading is pressed: a curve by the last value of its metric. */
export function sortColumn(column: string): string {
  return kindOf(column) === "curves" ? `metrics.${keyOf(column)}` : column;
}

/** A heading: sorts by a click; can be dragged to another place, and at its edge to another width. */
export function HeaderCell({ facts, index, sort, main, act, grouped, dragged, onDrag }: Props) {
  const { column, left, numeric, pinned } = facts;
  const [width, setWidth] = useState<number>();
  const [over, setOver] = useState(false);
  const sorted = sortColumn(column);
  const key = sort.find((one) => one.column === sorted);
  const isMain = column === `metrics.${main?.key}`;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (dragged && dragged !== column) act.move(dragged, column);
    onDrag(undefined);
  };
  const classes = [
    "grid-heading",
    numeric ? "numeric" : "",
    isMain ? "main" : "",
    pinned ? "pinned" : "",
    over && dragged !== column ? "drop" : "",
  ];
  return (
    <div
      role="columnheader"
      aria-colindex={index}
      aria-sort={key ? (key.descending ? "descending" : "ascending") : "none"}
      className={classes.filter(Boolean).join(" ")}
      style={pinned ? { width: width ?? facts.width } : { left, width: width ?? facts.width }}
      onDragOver={(event) => {
        if (!dragged) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <HeadingButton facts={facts} sort={sort} main={main} act={act} onDrag={onDrag} />
      <Popover className="heading-menu" label={`Options of ${fullLabelOf(column)}`} button={<Icon name="down" />}>
        {(close) => (
          <HeadingMenu
            column={column}
            metric={metricOf(column)}
            pinned={pinned}
            width={facts.width}
            main={main}
            grouped={grouped}
            act={act}
            close={close}
          />
        )}
      </Popover>
      <ResizeHandle
        width={facts.width}
        onDraw={setWidth}
        onDone={(next) => {
          setWidth(undefined);
          act.resize(column, next);
        }}
      />
    </div>
  );
}

/** The name of a column: pressed it sorts, dragged or with Alt it moves, with Shift it changes its width. */
function HeadingButton({ facts, sort, main, act, onDrag }: Omit<Props, "index" | "grouped" | "dragged">) {
  const { column } = facts;
  const sorted = sortColumn(column);
  const place = sort.findIndex((one) => one.column === sorted);
  const key = sort[place];
  const isMain = column === `metrics.${main?.key}`;
  const word = kindOf(column) === "metrics" ? undefined : METRIC_WORDS[kindOf(column)];
  const click = (event: MouseEvent) =>
    act.sort(nextSort(sort, sorted, { add: event.shiftKey, direction: firstDirection(sorted, main) }));
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0 || !(event.altKey || event.shiftKey)) return;
    event.preventDefault();
    if (event.altKey) act.shift(column, step);
    else act.resize(column, clamp(facts.width + step * STEP));
  };
  return (
    <button
      type="button"
      className="heading-sort"
      title={`${column}\nDrag, or Alt ← →, to move it; Shift ← → for its width`}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", column);
        onDrag(column);
      }}
      onDragEnd={() => onDrag(undefined)}
      onClick={click}
      onKeyDown={onKeyDown}
    >
      {isMain && <Icon name="star" />}
      <span className="truncate">{labelOf(column)}</span>
      {word && <small className="heading-word">{word}</small>}
      {key && <Icon name={key.descending ? "fall" : "up"} />}
      {key && sort.length > 1 && <small>{place + 1}</small>}
    </button>
  );
}

function clamp(width: number): number {
  return Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));
}

interface HandleProps {
  width: number;
  onDraw: (width: number) => void;
  onDone: (width: number | undefined) => void;
}

/** The edge of a heading: dragged it sets the width, pressed twice it gives back the one that fits. */
function ResizeHandle({ width, onDraw, onDone }: HandleProps) {
  const [start, setStart] = useState<{ x: number; width: number }>();
  const widthAt = (event: PointerEvent) => clamp((start?.width ?? width) + event.clientX - (start?.x ?? event.clientX));
  return (
    <span
      className="heading-edge"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        setStart({ x: event.clientX, width });
      }}
      onPointerMove={(event) => start && onDraw(widthAt(event))}
      onPointerUp={(event) => {
        if (start && event.clientX !== start.x) onDone(widthAt(event));
        setStart(undefined);
      }}
      onDoubleClick={() => onDone(undefined)}
    />
  );
}
