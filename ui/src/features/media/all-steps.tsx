import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import { setParameters } from "../../components/parameters";
import { Swatch } from "../../components/swatch";
import { formatCount } from "../../lib/format";
import { imageAt, stepsOf } from "../../lib/image-series";
import type { RunSeries } from "./board";
import { Picture } from "./picture";
import type { Zoom } from "./zoom";

interface Props {
  name: string;
  all: RunSeries[];
  steps: number[];
  place: number;
  zoom: Zoom;
}

const CELL = 148;

/** Runs down, steps across; only the steps in view are in the page. */
export function AllSteps({ name, all, steps: everyStep, place, zoom }: Props) {
  const rows = useMemo(() => all.filter(({ series }) => series.has(name)), [all, name]);
  const steps = useMemo(() => stepsOf(rows.flatMap(({ series }) => series.get(name) ?? [])), [rows, name]);
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    horizontal: true,
    count: steps.length,
    getScrollElement: () => box.current,
    estimateSize: () => CELL,
    overscan: 2,
  });
  const current = steps.findLastIndex((step) => step <= (everyStep[place] ?? 0));
  useEffect(() => {
    if (current >= 0) virtual.scrollToIndex(current, { align: "auto" });
  }, [current, virtual]);
  return (
    <div ref={box} className="media-steps" role="region" aria-label={`${name} through the steps`} tabIndex={0}>
      <div style={{ width: virtual.getTotalSize() }}>
        <div className="media-heads">
          {virtual.getVirtualItems().map(({ index, start }) => (
            <button
              key={index}
              type="button"
              className="media-head"
              aria-current={index === current}
              style={{ left: start, width: CELL }}
              onClick={() => setParameters({ step: String(steps[index]) })}
            >
              Step {formatCount(steps[index] ?? 0)}
            </button>
          ))}
        </div>
        {rows.map(({ run, series }) => (
          <div key={run.id} className="media-line">
            {rows.length > 1 && (
              <p className="media-run truncate">
                <Swatch hue={run.hue} />
                {run.name}
              </p>
            )}
            <div className="media-cells">
              {virtual.getVirtualItems().map(({ index, start }) => {
                const step = steps[index] ?? 0;
                const own = series.get(name);
                const found = own && imageAt(own, step);
                return (
                  <div key={index} className="media-cell" style={{ left: start, width: CELL }}>
                    <Picture
                      runId={run.id}
                      image={found?.step === step ? found : undefined}
                      label={`${name} of ${run.name}, step ${step}`}
                      zoom={zoom}
                    />
                  </div>
                );
              })}
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
