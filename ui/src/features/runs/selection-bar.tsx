import { useState } from "react";
import { Link } from "wouter";
import { useMay } from "../../components/access";
import { Icon, type IconName } from "../../components/icons";
import { later } from "../../components/later";
import { Popover } from "../../components/popover";
import { tell } from "../../components/toast";
import { plural } from "../../lib/format";
import type { Frame } from "../../lib/frame";
import { withDescendants } from "../../lib/run-tree";
import { analyseHref, compareHref, formatSearch, MOST_COMPARED, type Stage } from "../../lib/url-state";
import type { Edits } from "./use-edits";

const ColorMenu = later(() => import("./color-menu"), <div className="menu-waiting" />);
const MoveDialog = later(async () => ({ default: (await import("./bulk-dialogs")).MoveDialog }));
const TagDialog = later(async () => ({ default: (await import("./bulk-dialogs")).TagDialog }));

/** So many run ids are named in a filter; beyond, all that match are analysed. */
const MOST_NAMED = 200;
/** They stand in the address. */
const MOST_HIDDEN = 200;

interface Props {
  frame: Frame;
  experimentId: string;
  selected: ReadonlySet<string>;
  query: string;
  total: number;
  stage: Stage;
  hidden: readonly string[];
  edits: Edits;
  onHidden: (hidden: string[]) => void;
  onExport: () => void;
  selectAll: () => void;
  clear: () => void;
}

/** What can be done with the selected runs. */
export function SelectionBar(props: Props) {
  const { frame, experimentId, selected, total, stage, hidden, edits, onHidden, clear } = props;
  const [dialog, setDialog] = useState<"tag" | "move">();
  const mayEdit = useMay("EDIT");
  const mayManage = useMay("MANAGE");
  if (selected.size === 0) return null;
  const ids = [...selected];
  const allHidden = ids.every((id) => hidden.includes(id));
  const act = (icon: IconName, label: string, run: () => void) => (
    <button type="button" className="button bulk" aria-label={label} title={label} onClick={run}>
      <Icon name={icon} />
      <span className="wide-word">{label}</span>
    </button>
  );
  const turnHidden = () => {
    const next = allHidden ? hidden.filter((id) => !selected.has(id)) : [...new Set([...hidden, ...ids])];
    if (next.length <= MOST_HIDDEN) onHidden(next);
    else tell(`At most ${MOST_HIDDEN} runs can be hidden one by one. Filter them out instead.`, { bad: true });
  };
  const remove = () => {
    clear();
    void edits.remove(ids);
  };
  const restore = () => {
    clear();
    void edits.restore(ids);
  };
  return (
    <section className="selection-bar" aria-label="Selected runs">
      <strong>{plural(selected.size, "run")} selected</strong>
      {selected.size < total && (
        <button type="button" className="link-button" onClick={props.selectAll}>
          Select all {plural(total, "run")}
        </button>
      )}
      <Together {...props} />
      {mayEdit && stage !== "deleted" && act("tag", "Tag", () => setDialog("tag"))}
      {mayManage && stage !== "deleted" && act("move", "Move", () => setDialog("move"))}
      {mayEdit && (
        <Popover
          label="Colour"
          className="button bulk icon-only"
          button={<span className="swatch-many" aria-hidden="true" />}
        >
          {(close) => (
            <ColorMenu
              chosen={undefined}
              onColor={(index) => {
                close();
                void edits.color(ids, index);
              }}
            />
          )}
        </Popover>
      )}
      {act(allHidden ? "eye" : "eye-off", allHidden ? "Show in charts" : "Hide from charts", turnHidden)}
      {act("download", "Export CSV", props.onExport)}
      {mayManage && (stage === "deleted" ? act("reset", "Restore", restore) : act("trash", "Delete", remove))}
      <button
        type="button"
        className="button quiet icon-only"
        aria-label="Clear the selection"
        title="Clear the selection"
        onClick={clear}
      >
        <Icon name="close" />
      </button>
      {dialog === "tag" && <TagDialog frame={frame} runIds={ids} edits={edits} onClose={() => setDialog(undefined)} />}
      {dialog === "move" && (
        <MoveDialog
          runIds={withDescendants(frame, ids)}
          chosen={ids.length}
          from={experimentId}
          edits={edits}
          onClose={() => setDialog(undefined)}
          onMoved={clear}
        />
      )}
    </section>
  );
}

/** Where the selected runs are looked at together: a few side by side, more of them as charts over all. */
export function togetherHref({ selected, experimentId, query }: TogetherProps): string | undefined {
  if (selected.size < 2) return undefined;
  if (selected.size <= MOST_COMPARED) return compareHref(selected);
  if (selected.size <= MOST_NAMED) return analyseHref(experimentId, [...selected]);
  return `/experiments/${experimentId}/analyse${formatSearch({ q: query })}`;
}

interface TogetherProps {
  selected: ReadonlySet<string>;
  experimentId: string;
  query: string;
}

function Together(props: TogetherProps) {
  const href = togetherHref(props);
  if (href === undefined) return <span className="muted wide-only">Select another to compare</span>;
  const few = props.selected.size <= MOST_COMPARED;
  const all = props.selected.size > MOST_NAMED;
  return (
    <>
      {!few && <span className="muted">Up to {MOST_COMPARED} can be compared</span>}
      <Link className="button primary" href={href} title={all ? "All runs that match the filter" : undefined}>
        {few ? "Compare" : "Analyse"} <kbd className="kbd">c</kbd>
      </Link>
    </>
  );
}
