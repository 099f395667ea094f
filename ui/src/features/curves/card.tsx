import "../../styles/board.css";
import { type DragEvent, type KeyboardEvent, useState } from "react";
import { Icon } from "../../components/icons";
import type { Panel } from "../../lib/board-layout";
import type { RawCurve } from "../../lib/curves";
import { watched } from "../../lib/watched";
import { Badges } from "./badges";
import { type CardActs, CardMenu } from "./card-menu";
import { Plot } from "./plot";
import { Readout } from "./readout";
import type { DrawnGroup, DrawnRun } from "./runs";
import { type Drawing, useChart } from "./use-chart";
import { useNear } from "./use-near";

const HEIGHT = { normal: 190, large: 420, full: 560 };
const WIDTH = { normal: 600, large: 1300, full: 1300 };
const MOST_READ_OUT = { normal: 6, large: 12, full: 40 };
/** Many lines share what one picture can show; zooming brings every point. */
const BUCKETS_OF_ALL = 12_000;
const FEWEST_BUCKETS = 120;

type Size = keyof typeof HEIGHT;

/** What all cards of a board have in common. */
export interface Shared {
  runs: DrawnRun[];
  groups: DrawnGroup[] | undefined;
  known: readonly string[];
  drawing: Drawing;
  syncKey: string;
  onZoom: (range: [number, number] | undefined) => void;
  /** Curves kept from before, which are then drawn as they are. */
  frozen?: RawCurve[] | undefined;
}

interface Props extends Shared {
  panel: Panel;
  size: Size;
  acts: CardActs;
}

const DRAGGED = "application/x-assay-chart";

/** A chart of one metric or formula, read while it is near the screen. */
export function CurveCard({ panel, size, acts, ...shared }: Props) {
  const [box, near] = useNear();
  const [target, setTarget] = useState(false);
  const onDragOver = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes(DRAGGED)) return;
    event.preventDefault();
    setTarget(true);
  };
  const onDrop = (event: DragEvent) => {
    setTarget(false);
    acts.onDrop?.(event.dataTransfer.getData(DRAGGED));
  };
  return (
    <figure
      ref={box}
      className={`card chart-card ${size}`}
      aria-label={panel.title}
      data-target={target}
      onDragOver={acts.onDrop && onDragOver}
      onDragLeave={() => setTarget(false)}
      onDrop={onDrop}
    >
      {near || size === "full" ? (
        <Drawn panel={panel} size={size} acts={acts} {...shared} />
      ) : (
        // Two elements, as large as the chart will be: there may be hundreds of them.
        <figcaption style={{ height: roomOf(size, shared.groups?.length ?? shared.runs.length) }}>
          <h3 className="truncate">{panel.title}</h3>
        </figcaption>
      )}
    </figure>
  );
}

function Drawn({ panel, size, acts, ...shared }: Props) {
  const { runs, groups, known, drawing, frozen } = shared;
  const [cursor] = useState(() => watched<number | undefined>(undefined));
  const buckets = bucketsFor(groups?.length ?? runs.length, size);
  const chart = useChart({ panel, runs, groups, drawing, known, buckets, enabled: true, frozen });
  return (
    <>
      <figcaption>
        {acts.onMove && <Grip panel={panel} onMove={acts.onMove} />}
        <h3 className={panel.formula === undefined ? "truncate" : "truncate mono"} title={panel.formula ?? panel.id}>
          {size === "full" ? (panel.formula ?? panel.id) : panel.title}
        </h3>
        <Badges notes={chart.notes} groups={groups !== undefined} />
        <CardMenu panel={panel} chart={chart} acts={acts} drawing={drawing} shared={shared} />
      </figcaption>
      <Plot
        chart={chart}
        title={panel.title}
        drawing={drawing}
        height={HEIGHT[size]}
        syncKey={shared.syncKey}
        cursor={cursor}
        onZoom={shared.onZoom}
      />
      <Readout lines={chart.lines} axis={chart.axis} cursor={cursor} most={MOST_READ_OUT[size]} />
    </>
  );
}

const HEAD_HEIGHT = 34;
const ROW_HEIGHT = 20;

function roomOf(size: Size, lines: number): number {
  const most = MOST_READ_OUT[size];
  return HEAD_HEIGHT + HEIGHT[size] + ROW_HEIGHT * (Math.min(lines, most) + (lines > most ? 1 : 0));
}

function bucketsFor(lines: number, size: Size): number {
  return Math.min(WIDTH[size], Math.max(FEWEST_BUCKETS, Math.floor(BUCKETS_OF_ALL / lines)));
}

const MOVES: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** Drag it, or press an arrow on it, to put the chart elsewhere in its section. */
function Grip({ panel, onMove }: { panel: Panel; onMove: (by: number) => void }) {
  const onDragStart = (event: DragEvent) => {
    event.dataTransfer.setData(DRAGGED, panel.id);
    event.dataTransfer.effectAllowed = "move";
    const card = event.currentTarget.closest("figure");
    if (card) event.dataTransfer.setDragImage(card, 16, 16);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = MOVES[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onMove(by);
  };
  return (
    <button
      type="button"
      className="chart-grip"
      draggable
      aria-label={`Move ${panel.title}: drag, or press an arrow key`}
      title="Drag to move"
      onDragStart={onDragStart}
      onKeyDown={onKeyDown}
    >
      <Icon name="grip" />
    </button>
  );
}
