import { type ReactNode, useEffect, useId, useRef } from "react";
import { Icon } from "./icons";

const FIELDS = "input, select, textarea";

/** A layer over the page: its first field has the focus; Escape and a click beside it close it, and focus returns. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    const field = dialog?.querySelector<HTMLElement>(FIELDS);
    field?.focus();
    if (field instanceof HTMLInputElement) field.select();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={heading}
      onClose={onClose}
      onClick={(event) => event.target === element.current && onClose()}
    >
      <header>
        <h2 id={heading}>{title}</h2>
        <button type="button" className="button quiet icon-only" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
