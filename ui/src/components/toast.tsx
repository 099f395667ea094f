import { useSyncExternalStore } from "react";
import { Icon } from "./icons";

interface Toast {
  id: number;
  message: string;
  bad: boolean;
  action?: { label: string; run: () => void };
}

const SHOWN = 8000;
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
export function tell(message: string, options: { bad?: boolean; action?: Toast["action"] } = {}): void {
  const id = next++;
  change([...toasts, { id, message, bad: options.bad ?? false, action: options.action }]);
  setTimeout(() => dismiss(id), SHOWN);
}

/** Say that something failed. */
export function tellError(error: Error): void {
  tell(error.message, { bad: true });
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
      {shown.map(({ id, message, bad, action }) => (
        <div key={id} className={bad ? "toast bad" : "toast"}>
          <span>{message}</span>
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
