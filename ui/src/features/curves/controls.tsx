import { useState } from "react";
import { pauseLive, useLivePaused } from "../../api/live";
import { Icon } from "../../components/icons";
import { Popover } from "../../components/popover";
import type { ChartState, Spread } from "../../lib/chart-state";
import { type Axis, axisMetric } from "../../lib/curves";
import { FormulaBox } from "./formula-box";

const AXES: Array<[Axis, string]> = [
  ["step", "Step"],
  ["relative", "Relative time"],
  ["wall", "Time"],
];
const SPREADS: Record<Spread, string> = { std: "± std", range: "Min to max", none: "Mean only" };
/** So many metrics are always in the list of axes; more come when it is opened. */
const MOST_LISTED = 200;
const ROWS = [0, 1, 2, 3, 4];

interface Props {
  state: ChartState;
  onState: (next: Partial<ChartState>) => void;
  known: readonly string[];
  /** What runs can be grouped by: columns with their names; none where there is one run. */
  groupings: ReadonlyArray<readonly [column: string, name: string]>;
  /** How many groups are drawn. */
  groups: number | undefined;
}

/** How all charts of a board are drawn. */
export function ChartControls({ state, onState, known, groupings, groups }: Props) {
  return (
    <div className="chart-controls">
      <div className="search-line">
        <Icon name="search" />
        <input
          className="field"
          type="search"
          aria-label="Search metrics"
          placeholder="Search metrics"
          value={state.find}
          onChange={(event) => onState({ find: event.target.value })}
        />
      </div>
      <AxisSelect state={state} onState={onState} known={known} />
      {groupings.length > 0 && <GroupSelect state={state} onState={onState} groupings={groupings} groups={groups} />}
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
      <Popover
        button={
          <>
            <Icon name="columns" />
            Display
          </>
        }
        label="Display options"
      >
        {() => <Display state={state} onState={onState} />}
      </Popover>
      <Popover
        button={
          <>
            <Icon name="plus" />
            Formula
          </>
        }
        label="Add a formula"
      >
        {(close) => (
          <FormulaBox
            first=""
            known={known}
            onFormula={(text) => {
              close();
              if (!state.formulas.includes(text)) onState({ formulas: [...state.formulas, text] });
            }}
          />
        )}
      </Popover>
      <Pause />
      {state.zoom && (
        <button type="button" className="button" onClick={() => onState({ zoom: undefined })}>
          <Icon name="reset" />
          Whole range
        </button>
      )}
    </div>
  );
}

type Part = Pick<Props, "state" | "onState">;

function AxisSelect({ state, onState, known }: Part & { known: readonly string[] }) {
  const metric = axisMetric(state.axis);
  const [opened, setOpened] = useState(known.length <= MOST_LISTED);
  const kept = metric === undefined ? [] : [metric];
  const listed = opened ? [...new Set([...kept, ...known])] : kept;
  return (
    <label className="check">
      X
      <select
        className="button select"
        aria-label="X axis"
        value={state.axis}
        onPointerDown={() => setOpened(true)}
        onFocus={() => setOpened(true)}
        onBlur={() => setOpened(known.length <= MOST_LISTED)}
        onChange={(event) => onState({ axis: event.target.value as Axis, zoom: undefined })}
      >
        {AXES.map(([axis, label]) => (
          <option key={axis} value={axis}>
            {label}
          </option>
        ))}
        <optgroup label="A metric at the same step">
          {listed.map((key) => (
            <option key={key} value={`metrics.${key}`}>
              {key}
            </option>
          ))}
        </optgroup>
      </select>
    </label>
  );
}

function GroupSelect({ state, onState, groupings, groups }: Part & Pick<Props, "groupings" | "groups">) {
  const [first = ""] = state.group;
  const isListed = first === "" || groupings.some(([column]) => column === first);
  return (
    <label className="check">
      Group
      <select
        className="button select"
        aria-label="Group runs by"
        value={first}
        onChange={(event) => onState({ group: event.target.value ? [event.target.value] : [] })}
      >
        <option value="">Each run</option>
        {!isListed && <option value={first}>{first}</option>}
        {groupings.map(([column, name]) => (
          <option key={column} value={column}>
            {name}
          </option>
        ))}
      </select>
      {groups !== undefined && (
        <select
          className="button select"
          aria-label="Around the mean"
          value={state.spread}
          onChange={(event) => onState({ spread: event.target.value as Spread })}
        >
          {Object.entries(SPREADS).map(([spread, label]) => (
            <option key={spread} value={spread}>
              {label}
            </option>
          ))}
        </select>
      )}
    </label>
  );
}

function Display({ state, onState }: Part) {
  const flags: Array<["log" | "logX" | "clip", string]> = [
    ["log", "Log y"],
    ["logX", "Log x"],
    ["clip", "Leave outliers outside"],
  ];
  return (
    <div className="menu">
      {flags.map(([flag, label]) => (
        <label key={flag} className="menu-item">
          <input
            type="checkbox"
            checked={state[flag]}
            onChange={(event) => onState({ [flag]: event.target.checked })}
          />
          {label}
        </label>
      ))}
      <label className="menu-item">
        Charts in a row
        <select
          className="button select"
          value={state.row}
          onChange={(event) => onState({ row: Number(event.target.value) })}
        >
          {ROWS.map((row) => (
            <option key={row} value={row}>
              {row === 0 ? "As fit" : row}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** Hold what is shown while training goes on. */
function Pause() {
  const paused = useLivePaused();
  const [told, setTold] = useState(false);
  return (
    <button
      type="button"
      className="button"
      title={paused ? "Show what was logged meanwhile, and follow again" : "Hold the charts as they are"}
      onClick={() => {
        pauseLive(!paused);
        setTold(true);
      }}
    >
      <Icon name={paused ? "play" : "pause"} />
      {paused ? "Resume" : "Pause"}
      <span className="visually-hidden" role="status">
        {told && (paused ? "Charts are held as they are" : "Charts follow training")}
      </span>
    </button>
  );
}
