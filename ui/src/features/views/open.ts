import { navigate } from "wouter/use-browser-location";
import type { SavedView } from "../../api/pages";
import { formatSearch } from "../../lib/url-state";
import { NO_VIEW, SAVED } from "../../lib/views";

/** Show what a view keeps; without a view, what the page shows by itself. */
export function openView(view: SavedView | undefined, { replace = false } = {}): void {
  const parts = view ? { ...view.address, [SAVED]: view.name } : { [SAVED]: NO_VIEW };
  navigate(location.pathname + formatSearch(parts), { replace });
}
