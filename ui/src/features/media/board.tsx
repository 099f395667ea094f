import "../../styles/media.css";
import { useMemo, useState } from "react";
import { useImageNames } from "../../api/files";
import { useKeys } from "../../components/keys";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, SkeletonRows, Snippet } from "../../components/states";
import type { Hue } from "../../lib/colors";
import { plural } from "../../lib/format";
import { IMAGE_FOLDER, type Series, seriesOf, stepsOf } from "../../lib/image-series";
import { AllSteps } from "./all-steps";
import { OneStep } from "./one-step";
import { MediaTools } from "./tools";
import { useZoom } from "./zoom";

export interface MediaRun {
  id: string;
  name: string;
  hue: Hue;
}

/** A run's images by key. */
export interface RunSeries {
  run: MediaRun;
  series: Map<string, Series>;
}

const MOST_KEYS = 12;

interface Props {
  runs: MediaRun[];
  /** What stands above, where there are images; without it, that there are none is said. */
  heading?: string;
}

/** Images that runs logged over steps: all at one step, or one beside the other through the steps. */
export default function MediaBoard({ runs, heading }: Props) {
  const ids = useMemo(() => runs.map(({ id }) => id), [runs]);
  const { pages, pending, error, retry } = useImageNames(ids, IMAGE_FOLDER);
  const all = useMemo(
    () =>
      runs.map((run, index): RunSeries => {
        const series = seriesOf(pages[index]?.names ?? []);
        return { run, series: new Map(series.map((one) => [one.key, one])) };
      }),
    [runs, pages],
  );
  const cut = pages.some((page) => page && page.total > page.names.length);
  const keys = useMemo(() => [...new Set(all.flatMap(({ series }) => [...series.keys()]))].sort(), [all]);
  if (keys.length > 0) return <Board all={all} keys={keys} heading={heading} cut={cut} />;
  if (heading) return null;
  if (error) return <Failure title="The images could not be listed" error={error} retry={retry} />;
  return pending ? <SkeletonRows rows={8} /> : <NoImages />;
}

interface BoardProps {
  all: RunSeries[];
  keys: string[];
  heading: string | undefined;
  cut: boolean;
}

function Board({ all, keys, heading, cut }: BoardProps) {
  const values = new URLSearchParams(useQueryText());
  const steps = useMemo(() => stepsOf(all.flatMap(({ series }) => [...series.values()])), [all]);
  const asked = Number(values.get("step") ?? Number.NaN);
  const place = placeOf(steps, asked);
  const throughSteps = values.get("images") === "steps";
  const zoom = useZoom();
  const [limit, setLimit] = useState(MOST_KEYS);
  const goTo = (next: number) => {
    const step = steps[Math.max(0, Math.min(steps.length - 1, next))];
    if (step !== undefined) setParameters({ step: String(step) });
  };
  const unlessTab = (act: () => void) => (event: KeyboardEvent) => {
    if ((event.target as Element | null)?.closest("[role=tab], [role=grid], [role=tree]")) return;
    event.preventDefault();
    act();
  };
  useKeys({
    ArrowLeft: unlessTab(() => goTo(place - 1)),
    ArrowRight: unlessTab(() => goTo(place + 1)),
    "+": () => zoom.by(1.5),
    "=": () => zoom.by(1.5),
    "-": () => zoom.by(1 / 1.5),
    "0": zoom.reset,
  });
  const View = throughSteps ? AllSteps : OneStep;
  return (
    <section className="media" aria-label={heading ?? "Images"}>
      {heading && <h2>{heading}</h2>}
      <MediaTools steps={steps} place={place} onStep={goTo} throughSteps={throughSteps} zoom={zoom} />
      {cut && <p className="notice-text">Of runs with very many images the first 10,000 files are shown.</p>}
      {keys.slice(0, limit).map((key) => (
        <section key={key} className="card media-key" aria-label={key}>
          <h3 className="truncate" title={key}>
            {key}
          </h3>
          <View name={key} all={all} steps={steps} place={place} zoom={zoom} />
        </section>
      ))}
      {keys.length > limit && (
        <button type="button" className="button" onClick={() => setLimit(limit + MOST_KEYS)}>
          {plural(keys.length - limit, "more series").replace(/s$/, "")}
        </button>
      )}
    </section>
  );
}

/** The place of the step asked for, or of the last one before it; of the last of all where none is asked for. */
function placeOf(steps: number[], asked: number): number {
  if (Number.isNaN(asked)) return steps.length - 1;
  return Math.max(
    0,
    steps.findLastIndex((step) => step <= asked),
  );
}

function NoImages() {
  const code = ["for step in range(10):", '    assay.log_image(pixels, key="samples", step=step)'].join("\n");
  return (
    <Empty title="No images over steps yet" icon="file">
      <p className="muted">Log one under a key and its steps appear here:</p>
      <Snippet code={code} label="Python code that logs images over steps" />
    </Empty>
  );
}
