import { setParameters } from "../../components/parameters";
import { formatCount } from "../../lib/format";
import type { Zoom } from "./zoom";

interface Props {
  steps: number[];
  place: number;
  onStep: (place: number) => void;
  throughSteps: boolean;
  zoom: Zoom;
}

/** The step, how images are laid out, and how close they are looked at. */
export function MediaTools({ steps, place, onStep, throughSteps, zoom }: Props) {
  const step = steps[place] ?? 0;
  return (
    <div className="media-tools">
      <div className="media-slider">
        <span className="number">
          Step {formatCount(step)} <span className="muted">of {formatCount(steps.at(-1) ?? 0)}</span>
        </span>
        <input
          type="range"
          min={0}
          max={steps.length - 1}
          value={place}
          aria-label="Step"
          aria-valuetext={`Step ${step}`}
          onChange={(event) => onStep(Number(event.target.value))}
        />
      </div>
      <fieldset className="segments" aria-label="Layout">
        <button type="button" aria-pressed={!throughSteps} onClick={() => setParameters({ images: "" })}>
          At the step
        </button>
        <button type="button" aria-pressed={throughSteps} onClick={() => setParameters({ images: "steps" })}>
          All steps
        </button>
      </fieldset>
      <fieldset className="segments" aria-label="Zoom of all images">
        <button type="button" aria-label="Smaller" onClick={() => zoom.by(1 / 1.5)}>
          −
        </button>
        <button type="button" aria-pressed={zoom.scale === 1} onClick={zoom.reset}>
          Fit
        </button>
        <button type="button" aria-label="Larger" onClick={() => zoom.by(1.5)}>
          +
        </button>
      </fieldset>
      <span className="muted number" role="status">
        {zoom.scale > 1 ? `${Math.round(zoom.scale * 100)}%, drag to move all` : "← → change the step, + − zoom all"}
      </span>
    </div>
  );
}
