import type { MouseEvent } from "react";
import { Icon } from "../../components/icons";
import { Popover } from "../../components/popover";
import { keyOf, kindOf, labelOf } from "../../lib/columns";
import type { SortKey } from "../../lib/frame";
import { type Direction, guessDirection, type MainMetric } from "../../lib/metrics";

interface Props {
  column: string;
  index: number;
  left: number;
  width: number;
  numeric: boolean;
  sort: SortKey[];
  main: MainMetric | undefined;
  onSort: (sort: SortKey[]) => void;
  onHide: (column: string) => void;
  onMain: (main: MainMetric) => void;
}

/** The order after a click on a heading: other way round, or sorted by it first; with Shift, by it too. */
export function nextSort(
  sort: SortKey[],
  column: string,
  { add, direction }: { add: boolean; direction: Direction },
): SortKey[] {
  const present = sort.find((key) => key.column === column);
  const key = { column, descending: present ? !present.descending : direction === "max" };
  if (!add) return [key];
  return present ? sort.map((other) => (other === present ? key : other)) : [...sort, key];
}

function firstDirection(column: string, main: MainMetric | undefined): Direction {
  if (kindOf(column) === "metrics") return main?.key === keyOf(column) ? main.direction : guessDirection(keyOf(column));
  return /_time$/.test(column) ? "max" : "min";
}

/** A heading: sorts by a click; its menu hides the column or makes it the main metric. */
export function HeaderCell({ column, index, left, width, numeric, sort, main, onSort, onHide, onMain }: Props) {
  const place = sort.findIndex((key) => key.column === column);
  const key = sort[place];
  const isMain = kindOf(column) === "metrics" && main?.key === keyOf(column);
  const click = (event: MouseEvent) =>
    onSort(nextSort(sort, column, { add: event.shiftKey, direction: firstDirection(column, main) }));
  return (
    <div
      role="columnheader"
      aria-colindex={index}
      aria-sort={key ? (key.descending ? "descending" : "ascending") : "none"}
      className={`grid-heading${numeric ? " numeric" : ""}${isMain ? " main" : ""}`}
      style={{ left, width }}
    >
      <button type="button" className="heading-sort" title={column} onClick={click}>
        {isMain && <Icon name="star" />}
        <span className="truncate">{labelOf(column)}</span>
        {key && <Icon name={key.descending ? "fall" : "up"} />}
        {key && sort.length > 1 && <small>{place + 1}</small>}
      </button>
      <Popover className="heading-menu" label={`Options of ${labelOf(column)}`} button={<Icon name="down" />}>
        {(close) => (
          <>
            <MenuButton
              icon="up"
              label="Sort ascending"
              run={() => onSort([{ column, descending: false }])}
              close={close}
            />
            <MenuButton
              icon="fall"
              label="Sort descending"
              run={() => onSort([{ column, descending: true }])}
              close={close}
            />
            {kindOf(column) === "metrics" && (
              <>
                <div className="menu-line" />
                <MenuButton
                  icon={isMain && main.direction === "max" ? "check" : "star"}
                  label="Main metric, higher is better"
                  run={() => onMain({ key: keyOf(column), direction: "max" })}
                  close={close}
                />
                <MenuButton
                  icon={isMain && main.direction === "min" ? "check" : "star"}
                  label="Main metric, lower is better"
                  run={() => onMain({ key: keyOf(column), direction: "min" })}
                  close={close}
                />
              </>
            )}
            <div className="menu-line" />
            <MenuButton icon="close" label="Hide column" run={() => onHide(column)} close={close} />
          </>
        )}
      </Popover>
    </div>
  );
}

interface MenuButtonProps {
  icon: "up" | "fall" | "star" | "check" | "close";
  label: string;
  run: () => void;
  close: () => void;
}

function MenuButton({ icon, label, run, close }: MenuButtonProps) {
  return (
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
}
