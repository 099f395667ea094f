import { useEffect, useRef } from "react";

type Keys = Record<string, (event: KeyboardEvent) => void>;

const NO_TEXT = ["checkbox", "radio", "button", "submit"];

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement && NO_TEXT.includes(target.type)) return false;
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function rests(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return true;
  return document.querySelector("dialog[open], :popover-open") !== null;
}

const SECOND_KEY_WITHIN = 1500;

/** Keys that follow upon another one; these come before what the page does with them. They rest as those of pages do. */
export function useSecondKeys(first: string, keys: Record<string, () => void>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    let begun = Number.NEGATIVE_INFINITY;
    const listen = (event: KeyboardEvent) => {
      if (rests(event)) return;
      const act = event.timeStamp - begun <= SECOND_KEY_WITHIN ? latest.current[event.key] : undefined;
      begun = event.key === first ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", listen, { capture: true });
    return () => document.removeEventListener("keydown", listen, { capture: true });
  }, [first]);
}

/** Keys of a page. They rest while something is typed, while a layer is open, and with Ctrl, Alt or Meta. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (rests(event)) return;
      latest.current[event.key]?.(event);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
