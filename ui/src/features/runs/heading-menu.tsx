import { useMay } from "../../components/access";
import { Icon, type IconName } from "../../components/icons";
import { kindOf, METRIC_WORDS } from "../../lib/columns";
import type { MainMetric } from "../../lib/metrics";
import type { GridActions } from "./grid-props";
import { sortColumn } from "./header-cell";

interface Props {
  column: string;
  metric: string | undefined;
  pinned: boolean;
  width: number;
  main: MainMetric | undefined;
  grouped: readonly string[];
  act: GridActions;
  close: () => void;
}

const WIDER = 40;

/** What can be done with a column. */
export default function HeadingMenu({ column, metric, pinned, width, main, grouped, act, close }: Props) {
  const mayEdit = useMay("EDIT");
  const sorted = sortColumn(column);
  const isMain = metric !== undefined && main?.key === metric;
  const groupable =
    /^(params|tags)$/.test(kindOf(column)) || column === "attributes.status" || column === "attributes.user_id";
  const item = (icon: IconName, label: string, run: () => void) => (
    <button
      type="button"
      className="menu-item"
      onClick={() => {
        close();
        run();
      }}
    >
      <Icon name={icon} />
      {label}
    </button>
  );
  return (
    <>
      {item("up", "Sort ascending", () => act.sort([{ column: sorted, descending: false }]))}
      {item("fall", "Sort descending", () => act.sort([{ column: sorted, descending: true }]))}
      {groupable && !grouped.includes(column) && item("group", "Group by this", () => act.group(column))}
      {metric !== undefined && (
        <>
          <div className="menu-line" />
          {mayEdit &&
            item(isMain && main.direction === "max" ? "check" : "star", "Main metric, higher is better", () =>
              act.main({ key: metric, direction: "max" }),
            )}
          {mayEdit &&
            item(isMain && main.direction === "min" ? "check" : "star", "Main metric, lower is better", () =>
              act.main({ key: metric, direction: "min" }),
            )}
          <fieldset className="menu-choice">
            <legend className="muted">Add beside it</legend>
            {Object.entries(METRIC_WORDS).map(([kind, word]) => (
              <button
                key={kind}
                type="button"
                className="button quiet"
                disabled={kind === kindOf(column)}
                aria-label={`Add ${word} of ${metric}`}
                onClick={() => {
                  close();
                  act.addBeside(column, `${kind}.${metric}`);
                }}
              >
                {word}
              </button>
            ))}
          </fieldset>
        </>
      )}
      <div className="menu-line" />
      {item("pin", pinned ? "Unpin" : "Pin to the left", () => act.pin(column))}
      {item("left", "Move left", () => act.shift(column, -1))}
      {item("right", "Move right", () => act.shift(column, 1))}
      {item("plus", "Wider", () => act.resize(column, width + WIDER))}
      {item("close", "Hide column", () => act.hideColumn(column))}
    </>
  );
}
