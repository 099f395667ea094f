import type { DeletedItem } from "../../api/generated";
import { useRemoval, useTrashSizes } from "../../api/trash";
import { Dialog } from "../../components/dialog";
import { Asked, FormFailure } from "../../components/states";
import { tell } from "../../components/toast";
import { formatBytes, plural } from "../../lib/format";

/** Asks whether deleted things are to go for good, and says what that frees. */
export function RemoveDialog({ items, onClose }: { items: DeletedItem[]; onClose: () => void }) {
  const removal = useRemoval();
  const sizes = useTrashSizes(items, true);
  const bytes = (sizes.data?.items ?? []).reduce((sum, item) => sum + (item.size ?? 0), 0);
  const kept = removal.data?.kept ?? [];
  const what = items.length === 1 ? items[0]!.name || items[0]!.id : plural(items.length, "deleted thing");
  const remove = () =>
    removal.mutate(items, {
      onSuccess: ({ kept: left = [] }) => {
        if (left.length > 0) return;
        tell(`${what} ${items.length === 1 ? "is" : "are"} gone for good.`);
        onClose();
      },
    });
  return (
    <Dialog title="Remove for good" onClose={onClose}>
      <p>
        <strong className="remove-what">{what}</strong> will be removed with all files.{" "}
        {sizes.data && `That frees ${formatBytes(bytes)}. `}
        It cannot be undone.
      </p>
      {sizes.isPending && <p className="muted">Counting the files…</p>}
      {sizes.error && (
        <p className="muted">
          What that frees could not be counted: {sizes.error.message}
          <Asked error={sizes.error} />
        </p>
      )}
      {removal.error && <FormFailure error={removal.error} />}
      {kept.length > 0 && (
        <div className="form-error" role="alert">
          <p>{plural(kept.length, "thing")} could not be removed:</p>
          <ul>
            {kept.slice(0, 5).map((one) => (
              <li key={`${one.kind} ${one.id}`}>{one.reason}</li>
            ))}
          </ul>
        </div>
      )}
      <footer>
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" className="button danger" disabled={removal.isPending} onClick={remove}>
          {removal.isPending ? "Removing…" : "Remove for good"}
        </button>
      </footer>
    </Dialog>
  );
}
