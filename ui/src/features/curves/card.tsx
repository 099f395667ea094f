import "../../styles/board.css";
import { useState } from "react";
import { useNear } from "../../components/use-near";
import type { Panel } from "../../lib/board-layout";
import { type CardSize, CHART_HEIGHT, cardRoom, MOST_READ_OUT, readOut } from "../../lib/board-rooms";
import type { RawCurve } from "../../lib/curves";
import { watched } from "../../lib/watched";
import { Badges } from "./badges";
import { type CardActs, CardMenu } from "./card-menu";
import { Grip, useDropTarget } from "./grip";
import { Plot } from "./plot";
import { Readout } from "./readout";
import type { DrawnGroup, DrawnRun } from "./runs";
import { type Drawing, useChart } from "./use-chart";

const WIDTH: Record<CardSize, number> = { normal: 600, large: 1300, full: 1300 };
/** Many lines share what one picture can show; zooming brings every point. */
const BUCKETS_OF_ALL = 12_000;
const FEWEST_BUCKETS = 120;

/** What all cards of a board have in common. */
export interface Shared {
  runs: DrawnRun[];
  groups: DrawnGroup[] | undefined;
  known: readonly string[];
  /** How many runs have a metric, where that is known before its values. */
  runsOf?: ReadonlyMap<string, number> | undefined;
  drawing: Drawing;
  syncKey: string;
  onZoom: (range: [number, number] | undefined) => void;
  /** Curves kept from before, which are then drawn as they are. */
  frozen?: RawCurve[] | undefined;
}

interface Props extends Shared {
  panel: Panel;
  size: CardSize;
  acts: CardActs;
}

const DRAGGED = "application/x-assay-chart";

/** A chart of one metric or formula, read while it is near the screen. */
export function CurveCard({ panel, size, acts, ...shared }: Props) {
  const [box, near] = useNear();
  const drop = useDropTarget(DRAGGED, acts.onDrop);
  const { runs, groups, runsOf } = shared;
  const expected = groups?.length ?? runsOf?.get(panel.id) ?? runs.length;
  return (
    <figure ref={box} className={`card chart-card ${size}`} aria-label={panel.title} {...drop}>
      {near || size === "full" ? (
        <Drawn panel={panel} size={size} acts={acts} expected={expected} {...shared} />
      ) : (
        // Two elements, as large as the chart will be: there may be hundreds of them.
        <figcaption style={{ height: cardRoom(size, expected) }}>
          <h3 className="truncate">{panel.title}</h3>
        </figcaption>
      )}
    </figure>
  );
}

function Drawn({ panel, size, acts, expected, ...shared }: Props & { expected: number }) {
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
        height={CHART_HEIGHT[size]}
        syncKey={shared.syncKey}
        cursor={cursor}
        onZoom={shared.onZoom}
      />
      <Readout
        lines={chart.lines}
        axis={chart.axis}
        cursor={cursor}
        most={MOST_READ_OUT[size]}
        waiting={chart.pending ? readOut(size, expected) : 0}
      />
    </>
  );
}

function bucketsFor(lines: number, size: CardSize): number {
  return Math.min(WIDTH[size], Math.max(FEWEST_BUCKETS, Math.floor(BUCKETS_OF_ALL / lines)));
}
