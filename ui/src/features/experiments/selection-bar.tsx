import { useMemo } from "react";
import { Link, useLocation } from "wouter";
import type { ExperimentSummary } from "../../api/generated";
import { useActivity, useBest, useStage } from "../../api/home";
import { useNow } from "../../components/ago";
import { Icon } from "../../components/icons";
import { useKeys } from "../../components/keys";
import type { Selection } from "../../components/selection";
import { attempt, tell } from "../../components/toast";
import { firstDay } from "../../lib/activity";
import { plural } from "../../lib/format";
import { includes } from "../../lib/levels";
import { compareHref, MOST_COMPARED } from "../../lib/url-state";

interface Props {
  experiments: ExperimentSummary[];
  /** How many experiments the filter leaves. */
  found: number;
  selection: Selection;
}

/** What can be done with the selected experiments. */
export function SelectionBar({ experiments, found, selection }: Props) {
  const ids = useMemo(
    () => experiments.map((one) => one.experiment_id).filter((id) => selection.selected.has(id)),
    [experiments, selection.selected],
  );
  const move = useStage();
  const { href, pending } = useCompareHref(ids);
  const [, navigate] = useLocation();
  useKeys({ c: () => href !== undefined && navigate(href) });
  if (ids.length === 0) return null;
  const mayDelete = experiments.every(
    (one) => !selection.selected.has(one.experiment_id) || includes(one.permission, "MANAGE"),
  );
  const chosen = plural(ids.length, "experiment");
  const restore = () => void attempt(`${chosen} could not be restored`, () => move(ids, "active"));
  const remove = () =>
    attempt(`${chosen} could not be deleted`, async () => {
      await move(ids, "deleted");
      selection.clear();
      tell(`Deleted ${chosen}.`, { action: { label: "Undo", run: restore } });
    });
  return (
    <section className="selection-bar over-page" aria-label="Selected experiments">
      <strong>{chosen} selected</strong>
      {ids.length < found && (
        <button type="button" className="link-button wide-only" onClick={selection.toggleAll}>
          Select all {found}
        </button>
      )}
      {href === undefined ? (
        <span className="muted">{whyNot(ids.length, pending)}</span>
      ) : (
        <Link
          className="button primary"
          href={href}
          title="The best run of each by its main metric; where there is none, the newest"
        >
          Compare across experiments <kbd className="kbd">c</kbd>
        </Link>
      )}
      {mayDelete && (
        <button type="button" className="button bulk" aria-label="Delete" title="Delete" onClick={() => void remove()}>
          <Icon name="trash" />
          <span className="wide-word">Delete</span>
        </button>
      )}
      <button
        type="button"
        className="button quiet icon-only"
        aria-label="Clear the selection"
        title="Clear the selection"
        onClick={selection.clear}
      >
        <Icon name="close" />
      </button>
    </section>
  );
}

function whyNot(count: number, pending: boolean): string {
  if (count < 2) return "Select another to compare";
  if (pending) return "Looking for their best runs";
  return count > MOST_COMPARED ? `Up to ${MOST_COMPARED} can be compared` : "Fewer than two of them have runs";
}

/** Where one run of each experiment is compared: the best, else the newest; none where fewer than two have any. */
function useCompareHref(ids: string[]): { href: string | undefined; pending: boolean } {
  const asked = ids.length >= 2 && ids.length <= MOST_COMPARED ? [ids] : [];
  const best = useBest(asked);
  const activity = useActivity(asked, firstDay(useNow()));
  // What was read of an earlier selection says nothing of this one.
  const pending = asked.length > 0 && !(best.whole && activity.whole);
  const runs = ids.flatMap((id) => best.of(id)?.run_id ?? (activity.of(id)?.newest_run || []));
  return { href: asked.length > 0 && !pending && runs.length >= 2 ? compareHref(runs) : undefined, pending };
}
