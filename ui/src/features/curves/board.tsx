import { useCallback, useId, useMemo, useRef, useState } from "react";
import type { MetricSummary } from "../../api/generated";
import { MOST_RUNS, useMetrics } from "../../api/metrics";
import { useWidth } from "../../charts/use-width";
import { Dialog } from "../../components/dialog";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, IgnoredNotice, SkeletonRows } from "../../components/states";
import { arrange, formulaPanel, moved, type Section } from "../../lib/board-layout";
import { type RoomFacts, sectionsRoom } from "../../lib/board-rooms";
import { type ChartState, chartParameters, parseChart } from "../../lib/chart-state";
import { formatCount, plural } from "../../lib/format";
import { EMPTY_FRAME, type Frame } from "../../lib/frame";
import type { Shared } from "./card";
import { ChartControls } from "./controls";
import { FormulaBox } from "./formula-box";
import { FullChart } from "./full-chart";
import { groupingsOf } from "./groupings";
import { type DrawnRun, drawnGroups } from "./runs";
import { ChartSection, rangeAct } from "./section";
import { Stretches } from "./stretches";
import type { Drawing } from "./use-chart";

interface Props {
  runs: DrawnRun[];
  /** What the runs recorded, for grouping them. */
  frame?: Frame | undefined;
  /** Which metrics are shown; all by default. */
  matching?: ((key: string) => boolean) | undefined;
}

/** The charts of some runs: every metric a card, in sections by the prefix of its name; all of it in the address. */
export default function CurveBoard({ runs: all, frame = EMPTY_FRAME, matching }: Props) {
  const text = useQueryText();
  const { state, ignored } = useMemo(() => parseChart(text), [text]);
  const runs = useMemo(() => all.slice(0, MOST_RUNS), [all]);
  const runIds = useMemo(() => runs.map((run) => run.id), [runs]);
  const { data, error, refetch } = useMetrics(runIds);
  const [edited, setEdited] = useState<string>();
  const shared = useShared(runs, frame, state, data ?? NONE);
  const groupings = useMemo(() => groupingsOf(frame, runIds), [frame, runIds]);
  const listed = useMemo(() => (matching ? data?.filter((metric) => matching(metric.key)) : data), [data, matching]);
  const sections = useMemo(() => arrange(listed ?? NONE, state), [listed, state]);
  if (error && !data) {
    return <Failure title="The metrics could not be read" error={error} retry={() => void refetch()} />;
  }
  if (!listed) return <SkeletonRows rows={30} />;
  if (listed.length === 0) {
    return (
      <Empty title="No metrics yet" small>
        <p className="muted">Curves appear here as soon as the first value is logged.</p>
      </Empty>
    );
  }
  return (
    <div className="board">
      <IgnoredNotice ignored={ignored} />
      <ChartControls
        state={state}
        onState={change}
        known={shared.known}
        groupings={groupings}
        groups={shared.groups?.length}
      />
      {all.length > runs.length && (
        <p className="notice-text">The first {formatCount(MOST_RUNS)} runs are drawn. Filter to draw others.</p>
      )}
      {sections.length === 0 && <NothingFound state={state} />}
      <Sections sections={sections} shared={shared} state={state} onEdit={setEdited} />
      {state.off.length > 0 && (
        <p>
          <button type="button" className="link-button" onClick={() => change({ off: [] })}>
            Show {plural(state.off.length, "hidden chart")}
          </button>
        </p>
      )}
      {state.full && (
        <FullChart
          id={state.full}
          shared={shared}
          acts={{ full: true, onFull: () => change({ full: "" }), onRange: rangeAct(state.full, state, change) }}
        />
      )}
      {edited !== undefined && (
        <Dialog title="Formula" onClose={() => setEdited(undefined)}>
          <FormulaBox
            first={edited}
            known={shared.known}
            onFormula={(formula) => {
              setEdited(undefined);
              change(replaced(state, edited, formula));
            }}
          />
        </Dialog>
      )}
    </div>
  );
}

interface SectionsProps {
  sections: Section[];
  shared: Shared;
  state: ChartState;
  onEdit: (formula: string) => void;
}

/** The sections; those near the screen where there are many. */
function Sections({ sections, shared, state, onEdit }: SectionsProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box) ?? USUAL_WIDTH;
  const facts = useMemo((): RoomFacts => {
    const { runs, groups, runsOf = NO_COUNTS } = shared;
    const charts = sections.reduce((sum, section) => sum + section.panels.length, 0);
    return { width, runs: runs.length, lines: groups?.length ?? runs.length, charts, row: state.row, runsOf };
  }, [sections, shared, state.row, width]);
  return (
    <div ref={box} className="board-stretch">
      <Stretches items={sections} roomOf={(part) => sectionsRoom(part, state.folded, facts)}>
        {(part, from) =>
          part.map((section, at) => (
            <ChartSection
              key={section.prefix}
              {...movesOf(sections, from + at, state)}
              section={section}
              facts={facts}
              shared={shared}
              state={state}
              onState={change}
              onEdit={onEdit}
            />
          ))
        }
      </Stretches>
    </div>
  );
}

const NONE: [] = [];
const NO_COUNTS: ReadonlyMap<string, number> = new Map();
const USUAL_WIDTH = 1200;

/** Put what changed into the address; the rest of it is as it is now, not as it was when the page was drawn. */
function change(next: Partial<ChartState>): void {
  setParameters(chartParameters({ ...parseChart(location.search).state, ...next }));
}

/** Ways to put a section elsewhere: none where it is alone, or a search leaves others out. */
function movesOf(sections: Section[], place: number, state: ChartState) {
  if (sections.length < 2 || state.find !== "") return { onMove: undefined, onDrop: undefined };
  const names = sections.map(({ name }) => name);
  const put = (name: string, to: number) => change({ sections: moved(names, state.sections, name, to) });
  return {
    onMove: (by: number) => put(names[place]!, place + by),
    onDrop: (name: string) => names.includes(name) && put(name, place),
  };
}

/** A formula in place of another, with the arrangement of its chart. */
function replaced(state: ChartState, before: string, after: string): Partial<ChartState> {
  const [from, to] = [formulaPanel(before).id, formulaPanel(after).id];
  const renamed = (ids: readonly string[]) => ids.map((id) => (id === from ? to : id));
  return {
    formulas: [...new Set(state.formulas.map((formula) => (formula === before ? after : formula)))],
    order: renamed(state.order),
    large: renamed(state.large),
  };
}

function useShared(runs: DrawnRun[], frame: Frame, state: ChartState, metrics: readonly MetricSummary[]): Shared {
  const syncKey = useId();
  const group = state.group.join("\n");
  const groups = useMemo(
    () => drawnGroups(runs, frame, group === "" || runs.length < 2 ? [] : group.split("\n")),
    [runs, frame, group],
  );
  const counts = JSON.stringify(metrics.map((metric) => [metric.key, metric.runs]));
  const runsOf = useMemo(() => new Map(JSON.parse(counts) as Array<[string, number]>), [counts]);
  const known = useMemo(() => [...runsOf.keys()], [runsOf]);
  const onZoom = useCallback((zoom: [number, number] | undefined) => change({ zoom }), []);
  const drawing = useDrawing(state);
  return useMemo(
    () => ({ runs, groups, known, runsOf, drawing, syncKey, onZoom }),
    [runs, groups, known, runsOf, drawing, syncKey, onZoom],
  );
}

/** How charts are drawn; the same object until that changes, however they are arranged. */
function useDrawing({ axis, log, logX, smoothing, zoom, clip, spread, ranges }: ChartState): Drawing {
  const text = JSON.stringify({ axis, log, logX, smoothing, zoom, clip, spread, ranges });
  return useMemo(() => JSON.parse(text) as Drawing, [text]);
}

function NothingFound({ state }: { state: ChartState }) {
  return (
    <Empty small title="No chart to show" icon="search">
      <p className="muted">{state.find ? `No metric has “${state.find}” in its name.` : "All charts are hidden."}</p>
      {state.find && (
        <button type="button" className="button" onClick={() => change({ find: "" })}>
          Clear the search
        </button>
      )}
    </Empty>
  );
}
