import { Icon } from "../../components/icons";
import { Popover } from "../../components/popover";
import { keyOf } from "../../lib/columns";

interface Props {
  all: readonly string[];
  shown: string[];
  onShown: (columns: string[]) => void;
}

/** Chooses the metrics that are columns. */
export function MetricMenu({ all, shown, onShown }: Props) {
  const toggle = (column: string, wanted: boolean) =>
    onShown(wanted ? [...shown, column] : shown.filter((one) => one !== column));
  return (
    <Popover label="Choose metrics" button={<ButtonText count={`${shown.length} of ${all.length}`} />}>
      {() => (
        <div className="column-list">
          {all.map((column) => (
            <label key={column} className="menu-item">
              <input
                type="checkbox"
                checked={shown.includes(column)}
                onChange={(event) => toggle(column, event.target.checked)}
              />
              <span className="truncate">{keyOf(column)}</span>
            </label>
          ))}
        </div>
      )}
    </Popover>
  );
}

function ButtonText({ count }: { count: string }) {
  return (
    <>
      <Icon name="columns" />
      <span className="wide-word">Metrics</span>
      <span className="muted">{count}</span>
    </>
  );
}
