import { Icon } from "../../components/icons";
import type { Axis, ChartState } from "../../lib/url-state";

const AXES: Record<Axis, string> = { step: "Step", relative: "Relative", wall: "Time" };

interface Props {
  state: ChartState;
  onState: (next: Partial<ChartState>) => void;
  search: string;
  onSearch: (search: string) => void;
}

/** How all charts of a board are drawn. */
export function ChartControls({ state, onState, search, onSearch }: Props) {
  return (
    <div className="chart-controls">
      <div className="search-line">
        <Icon name="search" />
        <input
          className="field"
          type="search"
          aria-label="Search metrics"
          placeholder="Search metrics"
          value={search}
          onChange={(event) => onSearch(event.target.value)}
        />
      </div>
      <fieldset className="segments" aria-label="X axis">
        {(Object.keys(AXES) as Axis[]).map((axis) => (
          <button
            key={axis}
            type="button"
            aria-pressed={state.axis === axis}
            onClick={() => onState({ axis, zoom: undefined })}
          >
            {AXES[axis]}
          </button>
        ))}
      </fieldset>
      <label className="check">
        <input type="checkbox" checked={state.log} onChange={(event) => onState({ log: event.target.checked })} />
        Log y
      </label>
      <label className="check">
        Smoothing
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={state.smoothing}
          onChange={(event) => onState({ smoothing: Number(event.target.value) })}
        />
        <output className="number smoothing">{state.smoothing.toFixed(2)}</output>
      </label>
      {state.zoom && (
        <button type="button" className="button" onClick={() => onState({ zoom: undefined })}>
          <Icon name="reset" />
          Whole range
        </button>
      )}
    </div>
  );
}
