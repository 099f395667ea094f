import { type MouseEvent, memo, useState } from "react";
import { Link } from "wouter";
import type { Curve, RunFamily } from "../../api/generated";
import { useMay } from "../../components/access";
import { Icon } from "../../components/icons";
import { Swatch } from "../../components/swatch";
import { toNumber } from "../../lib/cells";
import { COLOR_TAG, parseColor } from "../../lib/colors";
import { nameAt } from "../../lib/columns";
import { formatCount, formatNumber, plural } from "../../lib/format";
import { cellAt, type Frame, textAt } from "../../lib/frame";
import { highlight, useIsHighlighted } from "../../lib/highlight";
import type { MainMetric } from "../../lib/metrics";
import { NAME_WIDTH } from "./column-facts";
import type { GridLayout } from "./grid-head";
import type { GridActions } from "./grid-props";
import { RunCell, sparkOf } from "./run-cell";
import { NOTE } from "./use-edits";

const INDENT = 16;

interface Props extends GridLayout {
  frame: Frame;
  row: number;
  index: number;
  top: number;
  level: number;
  open: boolean | undefined;
  dim: boolean;
  /** Whether any line of the table can be opened, so that names stand in line. */
  nested: boolean;
  family: RunFamily | undefined;
  main: MainMetric | undefined;
  sparks: ReadonlyMap<string, Curve>;
  selected: boolean;
  hidden: boolean;
  peeked: boolean;
  hueIndex: number;
  dash: number;
  /** The active cell; -1 for the row, -2 where the row is not active. */
  activeColumn: number;
  act: GridActions;
}

/** One run of the table. */
export const GridRow = memo(function GridRow(props: Props) {
  const { frame, row, index, top, facts, frozen, selected, activeColumn, act, dim, open, level } = props;
  const [hovered, setHovered] = useState(false);
  const runId = frame.runIds[row]!;
  const standing = useIsHighlighted(runId);
  const active = activeColumn > -2;
  const classes = [
    "grid-row",
    selected ? "selected" : "",
    active ? "active" : "",
    dim ? "dim" : "",
    standing ? "standing" : "",
  ];
  const click = (event: MouseEvent) => {
    const cell = (event.target as Element).closest<HTMLElement>("[data-column]")?.dataset.column;
    act.activate(index, cell === undefined ? -1 : Number(cell));
    if (event.shiftKey) act.toggle(index, true);
  };
  const cell = (place: number) => {
    const one = facts[place];
    if (!one) return null;
    return (
      <RunCell
        key={one.column}
        frame={frame}
        row={row}
        facts={one}
        place={place}
        id={`line-${index}-${place}`}
        active={activeColumn === place}
        spark={sparkOf(props.sparks, runId, one.column)}
      />
    );
  };
  const places = facts.slice(props.firstShown, props.lastShown + 1).map((_, offset) => props.firstShown + offset);
  return (
    <div
      id={`line-${index}`}
      role="row"
      aria-rowindex={index + 2}
      aria-level={props.nested ? level : undefined}
      aria-expanded={open}
      aria-selected={selected}
      className={classes.filter(Boolean).join(" ")}
      style={{ transform: `translateY(${top}px)` }}
      onClick={click}
      onPointerEnter={() => {
        setHovered(true);
        highlight([runId]);
      }}
      onPointerLeave={() => {
        setHovered(false);
        highlight();
      }}
    >
      <div role="presentation" className="grid-frozen" style={{ width: frozen }}>
        <NameCell {...props} runId={runId} acting={hovered || active || props.hidden} />
        {props.pinned.map(cell)}
      </div>
      {places.filter((place) => !facts[place]!.pinned).map(cell)}
    </div>
  );
});

function NameCell(props: Props & { runId: string; acting: boolean }) {
  const { frame, row, index, level, open, nested, runId, family, main, act, selected, hidden, dim, acting } = props;
  const name = nameAt(frame, row);
  const note = textAt(frame, NOTE, row);
  const chosen = parseColor(cellAt(frame, `tags.${COLOR_TAG}`, row));
  const mayEdit = useMay("EDIT");
  return (
    <div role="rowheader" aria-colindex={1} className="grid-name" style={{ width: NAME_WIDTH }}>
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={`Select ${name}`}
        checked={selected}
        onChange={(event) => act.toggle(index, (event.nativeEvent as unknown as MouseEvent).shiftKey)}
        onClick={(event) => event.stopPropagation()}
      />
      {nested && <Caret open={open} level={level} name={name} onTurn={() => act.turn(runId)} />}
      <button
        type="button"
        className={hidden ? "swatch-button hidden-run" : "swatch-button"}
        tabIndex={-1}
        aria-label={`Colour of ${name}`}
        disabled={!mayEdit}
        onClick={(event) => act.color(runId, event.currentTarget)}
      >
        <Swatch hue={{ index: chosen ?? props.hueIndex, dash: chosen === undefined ? props.dash : 0 }} />
      </button>
      <Link
        className="truncate"
        tabIndex={-1}
        href={`/runs/${runId}`}
        title={dim ? `${name}\nDoes not match the filter; runs below it do` : name}
      >
        <bdi>{name}</bdi>
      </Link>
      {family && <FamilyBadge family={family} main={main} />}
      <span className="spring" />
      {note && !acting && (
        <span className="note-mark" title={note.slice(0, 400)}>
          <Icon name="file" />
          <span className="visually-hidden">has a note</span>
        </span>
      )}
      {acting && <RowButtons runId={runId} name={name} hidden={hidden} act={act} />}
    </div>
  );
}

/** Opens and closes what lies below a line; an empty space of its size where nothing does. */
export function Caret({
  open,
  level,
  name,
  onTurn,
}: {
  open: boolean | undefined;
  level: number;
  name: string;
  onTurn: () => void;
}) {
  const style = { marginLeft: (level - 1) * INDENT };
  if (open === undefined) return <span className="caret" style={style} />;
  return (
    <button
      type="button"
      className="caret"
      tabIndex={-1}
      style={style}
      aria-label={open ? `Close ${name}` : `Open ${name}`}
      onClick={(event) => {
        event.stopPropagation();
        onTurn();
      }}
    >
      <Icon name={open ? "down" : "right"} />
    </button>
  );
}

function FamilyBadge({ family, main }: { family: RunFamily; main: MainMetric | undefined }) {
  const best = toNumber(family.best_value);
  const told =
    best === undefined || !main ? "" : `\nBest ${main.key}: ${formatNumber(best)}, of ${family.best_run_name}`;
  return (
    <span className="chip family" title={`${plural(family.children, "child run")}${told}`}>
      {formatCount(family.children)}
      <span className="visually-hidden"> child runs</span>
      {best !== undefined && (
        <>
          <Icon name="star" />
          <span className="visually-hidden">best: </span>
          {formatNumber(best)}
        </>
      )}
    </span>
  );
}

function RowButtons({ runId, name, hidden, act }: { runId: string; name: string; hidden: boolean; act: GridActions }) {
  const mayEdit = useMay("EDIT");
  const button = (icon: "eye" | "eye-off" | "pencil" | "expand", label: string, run: () => void) => (
    <button
      type="button"
      className="row-button"
      tabIndex={-1}
      aria-label={`${label}: ${name}`}
      title={label}
      aria-pressed={icon === "eye-off" ? true : undefined}
      onClick={(event) => {
        event.stopPropagation();
        run();
      }}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <span className="row-buttons">
      {button(hidden ? "eye-off" : "eye", hidden ? "Show in charts" : "Hide from charts", () => act.hide(runId))}
      {mayEdit && button("pencil", "Edit name, note and tags", () => act.peek(runId, true))}
      {button("expand", "Peek", () => act.peek(runId))}
    </span>
  );
}
