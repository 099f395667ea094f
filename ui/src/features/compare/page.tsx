import { type ReactNode, useMemo } from "react";
import { Link } from "wouter";
import { keeperOf } from "../../api/compared";
import { useExperiment, useRunColumns } from "../../api/queries";
import { Boundary } from "../../components/boundary";
import { useCrumbs } from "../../components/crumbs";
import { Icon } from "../../components/icons";
import { useQueryText } from "../../components/parameters";
import { Empty, Failure, IgnoredNotice, SkeletonRows } from "../../components/states";
import { toNumber } from "../../lib/cells";
import type { Hue } from "../../lib/colors";
import { EXPERIMENT, nameAt, STAGE, START_TIME } from "../../lib/columns";
import { formatCount, plural } from "../../lib/format";
import { cellAt, type Frame, type Page, textAt } from "../../lib/frame";
import { MAIN_METRIC_TAG, type MainMetric, parseMainMetric } from "../../lib/metrics";
import { huesOf } from "../../lib/run-hues";
import { analyseHref, MOST_COMPARED, parseRunIds } from "../../lib/url-state";
import { FilesCompared } from "./files";
import { CompareTable } from "./table";

export interface ComparedRun {
  id: string;
  name: string;
  hue: Hue;
  start: number;
  /** Whether it is in the trash. */
  deleted: boolean;
  /** The run that keeps what this one was started from. */
  keeper: string;
}

const FEWEST_TO_ANALYSE = 3;
/** A client sets it with the first image that has a key. */
const IMAGES_TAG = "tags.mlflow.loggedImages";

interface Props {
  /** The charts of those runs; the frame holds what they recorded. */
  charts: (runs: ComparedRun[], frame: Frame) => ReactNode;
  /** The images of those runs that logged some over steps. */
  media: (runs: ComparedRun[]) => ReactNode;
  /** Params against metrics, over runs enough to tell anything. */
  analysis: (frame: Frame, main: MainMetric | undefined) => ReactNode;
}

/** Runs side by side: what differs, their curves in one picture, and their images. */
export function ComparePage({ charts, media, analysis }: Props) {
  const text = useQueryText();
  const { state: all, ignored } = useMemo(() => parseRunIds(text), [text]);
  const runIds = useMemo(() => all.slice(0, MOST_COMPARED), [all]);
  const { data, error, refetch, isPlaceholderData } = useRunColumns(runIds);
  const baseline = new URLSearchParams(text).get("base") ?? "";
  const frame = useMemo(() => (data ? inOrder(data, runIds, baseline) : undefined), [data, runIds, baseline]);
  const experimentIds = new Set(frame?.runIds.map((_, row) => textAt(frame, EXPERIMENT, row)));
  const only = experimentIds.size === 1 ? [...experimentIds][0] : undefined;
  const experiment = useExperiment(only);
  useCrumbs([
    { label: "Experiments", href: "/" },
    ...(only ? [{ label: experiment.data?.name ?? only, href: `/experiments/${only}` }] : []),
    { label: `Compare ${plural(runIds.length, "run")}` },
  ]);
  const runs = useMemo(() => (frame ? comparedRuns(frame) : []), [frame]);
  if (runIds.length === 0) return <NothingToCompare />;
  if (error && !frame)
    return <Failure page title="The runs could not be read" error={error} retry={() => void refetch()} />;
  if (!frame) {
    return (
      <div className="page-inner">
        <SkeletonRows rows={14} />
      </div>
    );
  }
  if (frame.runIds.length === 0 && !isPlaceholderData) return <NoneFound asked={runIds.length} />;
  const mainTag = experiment.data?.tags?.find((tag) => tag.key === MAIN_METRIC_TAG)?.value;
  const missing = isPlaceholderData ? 0 : runIds.length - frame.runIds.length;
  return (
    <div className="page scrolls">
      <IgnoredNotice ignored={ignored} />
      <div className="page-inner compare">
        <h1>Compare {plural(frame.runIds.length, "run")}</h1>
        {missing > 0 && (
          <p className="notice-text" role="status">
            {plural(missing, "run")} of the address {missing === 1 ? "was" : "were"} not found.
          </p>
        )}
        {all.length > MOST_COMPARED && <TooMany runIds={all} experimentId={only} />}
        <Compared frame={frame} runs={runs} main={parseMainMetric(mainTag)} {...{ charts, media, analysis }} />
      </div>
    </div>
  );
}

function NoneFound({ asked }: { asked: number }) {
  return (
    <Empty page title={asked === 1 ? "There is no such run" : "There are no such runs"} icon="search">
      <p className="muted">
        {asked === 1 ? "The run" : `None of the ${formatCount(asked)} runs`} of the address is here. Runs that were
        removed from the trash cannot be compared.
      </p>
      <Link className="button" href="/">
        All experiments
      </Link>
    </Empty>
  );
}

function TooMany({ runIds, experimentId }: { runIds: string[]; experimentId: string | undefined }) {
  return (
    <p className="notice" role="status">
      <Icon name="warning" />
      <span>
        Up to {MOST_COMPARED} runs can be compared; the address has {formatCount(runIds.length)}. These are the first.
      </span>
      {experimentId && (
        <Link className="button" href={analyseHref(experimentId, runIds)}>
          Analyse all of them
        </Link>
      )}
    </p>
  );
}

interface ComparedProps extends Props {
  frame: Frame;
  runs: ComparedRun[];
  main: MainMetric | undefined;
}

function Compared({ frame, runs, main, charts, media, analysis }: ComparedProps) {
  const baseline = new URLSearchParams(useQueryText()).get("base");
  const base = runs[0]?.id === baseline ? 0 : -1;
  const withImages = useMemo(() => runs.filter((_, row) => cellAt(frame, IMAGES_TAG, row) !== null), [frame, runs]);
  return (
    <>
      <Boundary what="The table">
        <CompareTable frame={frame} runs={runs} base={base} main={main} />
      </Boundary>
      <h2 className="compare-heading">Curves</h2>
      <Boundary what="The charts">{charts(runs, frame)}</Boundary>
      {runs.length >= FEWEST_TO_ANALYSE && (
        <>
          <h2 className="compare-heading">Params and metrics</h2>
          <Boundary what="The analysis">{analysis(frame, main)}</Boundary>
        </>
      )}
      {runs.length > 1 && (
        <Boundary what="The files">
          <FilesCompared runs={runs} base={runs[0]!} />
        </Boundary>
      )}
      {withImages.length > 0 && <Boundary what="The images">{media(withImages)}</Boundary>}
    </>
  );
}

function NothingToCompare() {
  return (
    <Empty page title="Choose runs to compare" icon="columns">
      <p className="muted">Select two or more runs in the table of an experiment, then press c.</p>
      <Link className="button" href="/">
        All experiments
      </Link>
    </Empty>
  );
}

function comparedRuns(frame: Frame): ComparedRun[] {
  const hues = huesOf(frame, frame.runIds);
  return frame.runIds.map((id, row) => ({
    id,
    name: nameAt(frame, row),
    hue: hues.get(id) ?? { index: 0, dash: 0 },
    start: toNumber(cellAt(frame, START_TIME, row)) ?? 0,
    deleted: textAt(frame, STAGE, row) === "deleted",
    keeper: keeperOf(frame, row),
  }));
}

/** The runs in the order of the address, whatever order the server gave; the baseline comes first. */
function inOrder(page: Page, runIds: string[], baseline: string): Frame {
  const places = new Map(page.run_ids.map((id, row) => [id, row]));
  const present = runIds.filter((id) => places.has(id));
  const found = present.toSorted((left, right) => Number(right === baseline) - Number(left === baseline));
  const rows = found.map((id) => places.get(id)!);
  const columns = Object.entries(page.columns).map(
    ([name, cells]) => [name, rows.map((row) => cells[row] ?? null)] as const,
  );
  return { runIds: found, columns: new Map(columns) };
}
