import "../../styles/board.css";
import { useState } from "react";
import type { Panel } from "../../lib/board-layout";
import type { RawCurve } from "../../lib/curves";
import { watched } from "../../lib/watched";
import { Badges } from "./badges";
import { type CardActs, CardMenu } from "./card-menu";
import { Grip, useDropTarget } from "./grip";
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
  const drop = useDropTarget(DRAGGED, acts.onDrop);
  return (
    <figure ref={box} className={`card chart-card ${size}`} aria-label={panel.title} {...drop}>
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
        {acts.onMove && <Grip kind={DRAGGED} id={panel.id} name={panel.title} around="figure" onMove={acts.onMove} />}
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
