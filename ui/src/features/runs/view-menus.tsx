import { Icon } from "../../components/icons";
import { Popover } from "../../components/popover";
import { columnsOf, fullLabelOf, keyOf, labelOf, readableTags, STATUS, USER } from "../../lib/columns";
import type { Frame } from "../../lib/frame";
import { GROUP_STATS, type GroupStat, type TableState } from "../../lib/url-state";

interface Props {
  frame: Frame;
  state: TableState;
  onChange: (next: Partial<TableState>) => void;
}

const STAT_WORDS: Record<GroupStat, string> = {
  mean: "Mean ± deviation",
  best: "Best",
  min: "Least",
  max: "Greatest",
  std: "Deviation",
  count: "Count",
};

/** Groups the runs by one or two params or tags. */
export function GroupMenu(props: Props) {
  const { group } = props.state;
  const word = group.length > 0 ? `Grouped by ${group.map(keyOf).join(", ")}` : "Group";
  return (
    <Popover
      label={group.length > 0 ? word : "Group runs"}
      className={group.length > 0 ? "button chosen" : "button"}
      button={
        <>
          <Icon name="group" />
          <span className="wide-word truncate group-word">{word}</span>
        </>
      }
    >
      {(close) => <GroupForm {...props} close={close} />}
    </Popover>
  );
}

function GroupForm({ frame, state, onChange, close }: Props & { close: () => void }) {
  const { group, stat } = state;
  const offered = [...columnsOf(frame, "params"), ...readableTags(frame), STATUS, USER];
  const choose = (level: number, column: string) => {
    const next = [...group];
    if (column) next[level] = column;
    else next.splice(level);
    onChange({ group: [...new Set(next)], open: [] });
  };
  const select = (level: number, label: string) => (
    <label className="menu-field">
      <span className="muted">{label}</span>
      <select className="field" value={group[level] ?? ""} onChange={(event) => choose(level, event.target.value)}>
        <option value="">Nothing</option>
        {[...new Set([...offered, ...group])]
          .filter((column) => level === 0 || column !== group[0])
          .map((column) => (
            <option key={column} value={column}>
              {labelOf(column)}
            </option>
          ))}
      </select>
    </label>
  );
  return (
    <div className="menu-form">
      {select(0, "Group by")}
      {group.length > 0 && (
        <>
          {select(1, "Then by")}
          <label className="menu-field">
            <span className="muted">Show of each metric</span>
            <select
              className="field"
              value={stat}
              onChange={(event) => onChange({ stat: event.target.value as GroupStat })}
            >
              {GROUP_STATS.map((value) => (
                <option key={value} value={value}>
                  {STAT_WORDS[value]}
                </option>
              ))}
            </select>
          </label>
          <button
            type="button"
            className="menu-item"
            onClick={() => {
              close();
              onChange({ group: [], open: [] });
            }}
          >
            <Icon name="close" />
            No groups
          </button>
        </>
      )}
    </div>
  );
}

interface ViewProps extends Props {
  nestable: boolean;
  onExport: () => void;
}

/** How the table is shown, and its way into a file. */
export function ViewMenu({ state, onChange, nestable, onExport }: ViewProps) {
  const check = (label: string, checked: boolean, next: Partial<TableState>, disabled = false) => (
    <label className="menu-item">
      <input type="checkbox" checked={checked} disabled={disabled} onChange={() => onChange(next)} />
      {label}
    </label>
  );
  const fitted = Object.keys(state.widths).length === 0;
  return (
    <Popover
      label="View"
      button={
        <>
          <Icon name="sliders" />
          <span className="wide-word">View</span>
        </>
      }
    >
      {(close) => (
        <>
          {check("Only columns that differ", state.differing, { differing: !state.differing })}
          {check("Bars in cells", state.bars, { bars: !state.bars })}
          {check("Nested runs below their parents", state.nested, { nested: !state.nested, open: [] }, !nestable)}
          <div className="menu-line" />
          {(nestable || state.group.length > 0) && (
            <button
              type="button"
              className="menu-item"
              onClick={() => onChange({ open: state.open.includes("*") ? [] : ["*"] })}
            >
              <Icon name={state.open.includes("*") ? "right" : "down"} />
              {state.open.includes("*") ? "Close all rows" : "Open all rows"}
            </button>
          )}
          <button type="button" className="menu-item" disabled={fitted} onClick={() => onChange({ widths: {} })}>
            <Icon name="reset" />
            Widths that fit
          </button>
          <button
            type="button"
            className="menu-item"
            disabled={state.hidden.length === 0}
            onClick={() => onChange({ hidden: [] })}
          >
            <Icon name="eye" />
            Show all in charts
          </button>
          <div className="menu-line" />
          <button
            type="button"
            className="menu-item"
            onClick={() => {
              close();
              onExport();
            }}
          >
            <Icon name="download" />
            Export as CSV
          </button>
        </>
      )}
    </Popover>
  );
}

/** The heading of a column in a file: its kind too, so that a metric and a param of one name are told apart. */
export function exportHeading(column: string): string {
  return column.startsWith("attributes.") ? fullLabelOf(column) : column;
}
