import { type ReactNode, useState } from "react";
import { Icon } from "../../components/icons";
import { Popover } from "../../components/popover";
import { formatNumber } from "../../lib/format";
import type { AxisChoice, PlotAxis } from "../../lib/plot-axes";
import type { Wanted } from "../../lib/ranges";

interface Props {
  axis: PlotAxis;
  wanted: Wanted | undefined;
  /** Whether its name stands beside it already. */
  short?: boolean;
  onChoice: (choice: AxisChoice) => void;
  /** Moves it; undefined where it cannot go that way, both where it stands by itself. */
  onLeft?: (() => void) | undefined;
  onRight?: (() => void) | undefined;
  onRemove?: (() => void) | undefined;
  onRange: (wanted: Wanted | undefined) => void;
}

/** All that can be done with an axis, by keyboard too: scale, direction, place, and the range that is wanted. */
export function AxisMenu(props: Props) {
  const { axis, wanted, short = false } = props;
  const button = (
    <>
      {short ? (
        <Icon name="more" />
      ) : (
        <span className="truncate" data-export={axis.label}>
          {axis.label}
        </span>
      )}
      {wanted && <span className="axis-mark" aria-hidden="true" />}
    </>
  );
  return (
    <Popover className="axis-button" label={`Axis ${axis.label}${wanted ? ", with a range" : ""}`} button={button}>
      {(close) => <AxisOptions {...props} close={close} />}
    </Popover>
  );
}

type OptionProps = Props & { close: () => void };

function AxisOptions({ axis, wanted, onChoice, onLeft, onRight, onRemove, onRange, close }: OptionProps) {
  const { choice } = axis;
  return (
    <div className="axis-options">
      <p className="axis-name">{axis.label}</p>
      {axis.kind === "number" && (
        <fieldset className="segments" aria-label="Scale">
          <button type="button" aria-pressed={!axis.log} onClick={() => onChoice({ ...choice, scale: "linear" })}>
            Linear
          </button>
          <button
            type="button"
            aria-pressed={axis.log}
            disabled={!axis.canLog}
            title={axis.canLog ? undefined : "A log axis has no place for values that are not above zero."}
            onClick={() => onChoice({ ...choice, scale: "log" })}
          >
            Log
          </button>
        </fieldset>
      )}
      <div className="axis-acts">
        <MenuButton onClick={() => onChoice({ ...choice, flipped: !choice.flipped })}>Turn round</MenuButton>
        {onLeft && <MenuButton onClick={onLeft}>Move left</MenuButton>}
        {onRight && <MenuButton onClick={onRight}>Move right</MenuButton>}
        {onRemove && <MenuButton onClick={onRemove}>Take out</MenuButton>}
      </div>
      {axis.kind === "number" ? (
        <RangeFields key={JSON.stringify(wanted)} axis={axis} wanted={wanted} onRange={onRange} close={close} />
      ) : (
        <CategoryBoxes axis={axis} wanted={wanted} onRange={onRange} />
      )}
    </div>
  );
}

function MenuButton({ children, ...rest }: { children: ReactNode; onClick: () => void }) {
  return (
    <button type="button" className="button quiet" {...rest}>
      {children}
    </button>
  );
}

interface RangeProps {
  axis: PlotAxis;
  wanted: Wanted | undefined;
  onRange: (wanted: Wanted | undefined) => void;
}

function RangeFields({ axis, wanted, onRange, close }: RangeProps & { close: () => void }) {
  const range = wanted && "low" in wanted ? wanted : undefined;
  const [low, setLow] = useState(range ? String(range.low) : "");
  const [high, setHigh] = useState(range ? String(range.high) : "");
  const apply = () => {
    const bounds = [low === "" ? axis.low : Number(low), high === "" ? axis.high : Number(high)];
    if (bounds.some(Number.isNaN)) return;
    onRange(low === "" && high === "" ? undefined : { low: Math.min(...bounds), high: Math.max(...bounds) });
    close();
  };
  return (
    <form
      className="axis-range"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <label>
        From
        <input
          className="field"
          inputMode="decimal"
          value={low}
          placeholder={formatNumber(axis.low)}
          onChange={(event) => setLow(event.target.value)}
        />
      </label>
      <label>
        To
        <input
          className="field"
          inputMode="decimal"
          value={high}
          placeholder={formatNumber(axis.high)}
          onChange={(event) => setHigh(event.target.value)}
        />
      </label>
      <button type="submit" className="button">
        Keep these
      </button>
      {wanted && (
        <button
          type="button"
          className="button quiet icon-only"
          aria-label="Any value"
          title="Any value"
          onClick={() => onRange(undefined)}
        >
          <Icon name="close" />
        </button>
      )}
    </form>
  );
}

const MOST_BOXES = 200;

function CategoryBoxes({ axis, wanted, onRange }: RangeProps) {
  const values = wanted && "values" in wanted ? wanted.values : [];
  const turn = (value: string, on: boolean) =>
    onRange({ values: on ? [...values, value] : values.filter((one) => one !== value) });
  return (
    <fieldset className="axis-values" aria-label={`Values of ${axis.label} to keep`}>
      {axis.categories.slice(0, MOST_BOXES).map((value) => (
        <label key={value} className="check">
          <input
            type="checkbox"
            checked={values.includes(value)}
            onChange={(event) => turn(value, event.target.checked)}
          />
          {value}
        </label>
      ))}
    </fieldset>
  );
}
