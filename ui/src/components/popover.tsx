import { type ReactNode, useId, useRef, useState } from "react";

interface Props {
  /** What the button shows, and its name where that is no text. */
  button: ReactNode;
  label?: string;
  className?: string;
  /** The layer; called only while it is open. */
  children: (close: () => void) => ReactNode;
}

const GAP = 4;
const EDGE = 8;

/** A button that opens a layer beside it. Escape and a click elsewhere close it. */
export function Popover({ button, label, className = "button", children }: Props) {
  const id = useId();
  const trigger = useRef<HTMLButtonElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const place = () => {
    const anchor = trigger.current?.getBoundingClientRect();
    const panel = layer.current;
    if (!anchor || !panel) return;
    const { width, height } = panel.getBoundingClientRect();
    const left = Math.min(anchor.left, innerWidth - width - EDGE);
    const fits = anchor.bottom + GAP + height <= innerHeight - EDGE;
    panel.style.left = `${Math.max(EDGE, left)}px`;
    panel.style.top = `${fits ? anchor.bottom + GAP : Math.max(EDGE, innerHeight - EDGE - height)}px`;
  };
  const attach = (panel: HTMLDivElement | null) => {
    layer.current = panel;
    if (!panel) return;
    panel.showPopover();
    place();
    panel.querySelector<HTMLElement>("input, button, [tabindex]")?.focus({ preventScroll: true });
  };
  const close = () => {
    layer.current?.hidePopover();
  };
  return (
    <>
      <button
        ref={trigger}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div
          ref={attach}
          id={id}
          popover="auto"
          className="popover"
          role="dialog"
          aria-label={label ?? "Options"}
          onToggle={(event) => {
            if (event.newState !== "closed") return;
            setOpen(false);
            if (document.activeElement === document.body) trigger.current?.focus();
          }}
        >
          {children(close)}
        </div>
      )}
    </>
  );
}
