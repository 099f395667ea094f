import { navigate } from "wouter/use-browser-location";
import { type SavedView, useViewWrite } from "../../api/pages";
import { attempt, tell } from "../../components/toast";
import { formatSearch } from "../../lib/url-state";
import { NO_VIEW, SAVED, shownBy } from "../../lib/views";

export type ViewActs = ReturnType<typeof useViewActs>;

/** What can be done with the views of an experiment. The layer they are chosen in may be closed meanwhile. */
export function useViewActs(experimentId: string) {
  const set = useViewWrite("setSavedView", experimentId);
  const drop = useViewWrite("deleteSavedView", experimentId);
  const keep = ({ name, address, is_default }: SavedView, said?: () => void) =>
    void attempt(`The view ${name} was not kept`, async () => {
      await set.mutateAsync({ name, address, is_default });
      said?.();
    });
  const undo = (view: SavedView) => ({ action: { label: "Undo", run: () => keep(view, () => rename(view.name)) } });
  return {
    /** Have a view keep what is seen now. */
    update: (view: SavedView) =>
      keep({ ...view, address: shownBy(location.search) }, () =>
        tell(`${view.name} now keeps what you see.`, undo(view)),
      ),
    turnDefault: (view: SavedView) =>
      keep({ ...view, is_default: !view.is_default }, () =>
        tell(view.is_default ? "No view is the default now." : `${view.name} opens first now, for everyone.`),
      ),
    remove: (view: SavedView) =>
      void attempt(`The view ${view.name} was not deleted`, async () => {
        await drop.mutateAsync({ name: view.name });
        if (new URLSearchParams(location.search).get(SAVED) === view.name) rename(NO_VIEW);
        tell(`Deleted the view ${view.name}.`, undo(view));
      }),
  };
}

/** Show the same as before under another name of a view. */
export function rename(name: string): void {
  navigate(location.pathname + formatSearch({ ...shownBy(location.search), [SAVED]: name }), { replace: true });
}
