import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";

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
  const trigger = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
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
      {open && trigger.current && (
        <Layer anchor={trigger.current} label={label ?? "Options"} onClose={() => setOpen(false)}>
          {children}
        </Layer>
      )}
    </>
  );
}

interface LayerProps {
  /** What it stands beside, and where focus returns to. */
  anchor: HTMLElement;
  label: string;
  onClose: () => void;
  children: (close: () => void) => ReactNode;
}

/** A layer beside an element of the page. Escape and a click elsewhere close it. */
export function Layer({ anchor, label, onClose, children }: LayerProps) {
  const layer = useRef<HTMLDivElement>(null);
  const place = useCallback(() => {
    const panel = layer.current;
    if (!panel) return;
    const beside = anchor.getBoundingClientRect();
    const { width, height } = panel.getBoundingClientRect();
    const fits = beside.bottom + GAP + height <= innerHeight - EDGE;
    panel.style.left = `${Math.max(EDGE, Math.min(beside.left, innerWidth - width - EDGE))}px`;
    panel.style.top = `${fits ? beside.bottom + GAP : Math.max(EDGE, innerHeight - EDGE - height)}px`;
  }, [anchor]);
  useEffect(() => {
    const panel = layer.current;
    if (!panel) return undefined;
    panel.showPopover();
    place();
    panel.querySelector<HTMLElement>("input, button, select, [tabindex]")?.focus({ preventScroll: true });
    // What is loaded later makes it larger.
    const watcher = new ResizeObserver(place);
    watcher.observe(panel);
    return () => watcher.disconnect();
  }, [place]);
  return (
    <div
      ref={layer}
      popover="auto"
      className="popover"
      role="dialog"
      aria-label={label}
      onToggle={(event) => {
        if (event.newState !== "closed") return;
        onClose();
        if (document.activeElement === document.body) anchor.focus();
      }}
    >
      {children(() => layer.current?.hidePopover())}
    </div>
  );
}
