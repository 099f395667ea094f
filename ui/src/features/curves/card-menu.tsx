import { type FormEvent, useId, useState } from "react";
import { Icon } from "../../components/icons";
import { Popover } from "../../components/popover";
import { tell } from "../../components/toast";
import type { Panel } from "../../lib/board-layout";
import type { Shared } from "./card";
import { DownloadItems } from "./downloads";
import type { Chart, Drawing } from "./use-chart";

/** What can be done with a card; what is undefined is not offered. */
export interface CardActs {
  onMove?: ((by: number) => void) | undefined;
  onDrop?: ((id: string) => void) | undefined;
  onLarge?: (() => void) | undefined;
  large?: boolean;
  onFull?: (() => void) | undefined;
  full?: boolean;
  onHide?: (() => void) | undefined;
  onEdit?: (() => void) | undefined;
  onRange?: ((range: [number, number] | undefined) => void) | undefined;
}

interface Props {
  panel: Panel;
  chart: Chart;
  acts: CardActs;
  drawing: Drawing;
  shared: Shared;
}

/** The buttons of a card. */
export function CardMenu({ panel, chart, acts, drawing, shared }: Props) {
  const { onFull, full = false } = acts;
  const name = panel.title;
  return (
    <span className="chart-buttons">
      {onFull && (
        <button
          type="button"
          className="button quiet icon-only"
          aria-label={full ? `Leave full screen of ${name}` : `Show ${name} over the full screen`}
          onClick={onFull}
        >
          <Icon name={full ? "close" : "expand"} />
        </button>
      )}
      <Popover button={<Icon name="more" />} label={`More for ${name}`} className="button quiet icon-only">
        {(close) => (
          <div className="menu">
            <Items panel={panel} acts={acts} close={close} />
            <DownloadItems panel={panel} chart={chart} drawing={drawing} shared={shared} close={close} />
            <Ranges panel={panel} acts={acts} drawing={drawing} onZoom={shared.onZoom} close={close} />
          </div>
        )}
      </Popover>
    </span>
  );
}

function Items({ panel, acts, close }: { panel: Panel; acts: CardActs; close: () => void }) {
  const { onLarge, large = false, onHide, onMove, onEdit } = acts;
  const items: Array<[string, (() => void) | undefined]> = [
    [large ? "Make small" : "Make large", onLarge],
    ["Move ahead", onMove && (() => onMove(-1))],
    ["Move back", onMove && (() => onMove(1))],
    ["Edit the formula", onEdit],
    [panel.formula === undefined ? "Hide" : "Remove", onHide],
  ];
  return items.map(
    ([label, act]) =>
      act && (
        <button
          key={label}
          type="button"
          className="menu-item"
          onClick={() => {
            close();
            act();
          }}
        >
          {label}
        </button>
      ),
  );
}

interface RangesProps {
  panel: Panel;
  acts: CardActs;
  drawing: Drawing;
  onZoom: (range: [number, number] | undefined) => void;
  close: () => void;
}

/** Both axes by hand: x holds for all charts, y for this one. */
function Ranges({ panel, acts, drawing, onZoom, close }: RangesProps) {
  const { onRange } = acts;
  return (
    <>
      <RangeForm name="X from" range={drawing.zoom} onRange={onZoom} close={close} />
      {onRange && <RangeForm name="Y from" range={drawing.ranges[panel.id]} onRange={onRange} close={close} />}
    </>
  );
}

interface RangeFormProps {
  name: string;
  range: [number, number] | undefined;
  onRange: (range: [number, number] | undefined) => void;
  close: () => void;
}

function RangeForm({ name, range, onRange, close }: RangeFormProps) {
  const id = useId();
  const [low, setLow] = useState(range ? String(range[0]) : "");
  const [high, setHigh] = useState(range ? String(range[1]) : "");
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const blank = low.trim() === "" && high.trim() === "";
    const wanted: [number, number] = [Number(low), Number(high)];
    if (!blank && !(wanted[0] < wanted[1])) {
      tell("Give two numbers, the lesser first.");
      return;
    }
    close();
    onRange(blank ? undefined : wanted);
  };
  return (
    <form className="range-form" onSubmit={onSubmit}>
      <label htmlFor={id}>{name}</label>
      <input
        id={id}
        className="field"
        inputMode="decimal"
        value={low}
        onChange={(event) => setLow(event.target.value)}
      />
      <span>to</span>
      <input
        className="field"
        inputMode="decimal"
        aria-label={name.replace("from", "to")}
        value={high}
        onChange={(event) => setHigh(event.target.value)}
      />
      <button type="submit" className="button">
        Set
      </button>
    </form>
  );
}
