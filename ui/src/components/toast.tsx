import { useSyncExternalStore } from "react";
import { Icon } from "./icons";
import { Asked } from "./states";

interface Toast {
  id: number;
  message: string;
  bad: boolean;
  action?: Action | undefined;
  /** Why what the message tells of has failed. */
  error?: Error | undefined;
}

interface Action {
  label: string;
  run: () => void;
}

const SHOWN = 8000;
/** A failure stays long enough to be read, and its request id to be copied. */
const FAILURE_SHOWN = 30_000;
const watchers = new Set<() => void>();
let toasts: Toast[] = [];
let next = 0;

function change(list: Toast[]): void {
  toasts = list;
  for (const watcher of watchers) watcher();
}

function dismiss(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

/** Say what happened, with a way to undo it. */
export function tell(message: string, { bad = false, ...rest }: Partial<Omit<Toast, "id" | "message">> = {}): void {
  const id = next++;
  change([...toasts, { id, message, bad, ...rest }]);
  setTimeout(() => dismiss(id), rest.error ? FAILURE_SHOWN : SHOWN);
}

/**
 * Do something; whether it was done. Where it fails, say what has failed, "The run was not deleted", and why, with a way
 * to try again: also when the part of the page that asked for it is gone by then.
 */
export async function attempt(failed: string, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    const again = { label: "Try again", run: () => void attempt(failed, act) };
    tell(`${failed}.`, { bad: true, error: error as Error, action: again });
    return false;
  }
}

/** Where messages appear. */
export function Toasts() {
  const shown = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, message, bad, action, error }) => (
        <div key={id} className={bad ? "toast bad" : "toast"}>
          <span className="toast-words">
            {error ? <strong>{message}</strong> : message}
            {error && <span>{error.message}</span>}
            {error && <Asked error={error} />}
          </span>
          {action && (
            <button
              type="button"
              className="button"
              onClick={() => {
                action.run();
                dismiss(id);
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" className="button quiet icon-only" aria-label="Dismiss" onClick={() => dismiss(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
