import { type RefCallback, useCallback, useState } from "react";

const COMES = "400px";
const LEAVES = "2000px";

/**
 * Whether an element is near the screen, and how high it was when it no longer was. It stays near until it is far away,
 * and while the focus is in it.
 */
export function useNear(
  first = false,
  leaves = LEAVES,
): [box: RefCallback<Element>, near: boolean, height: number | undefined] {
  const [{ near, height }, setState] = useState<{ near: boolean; height?: number }>({ near: first });
  const attach = useCallback(
    (element: Element | null) => {
      if (!element) return undefined;
      const observe = (margin: string, isNear: boolean) => {
        const observer = new IntersectionObserver(
          (entries) => {
            const last = entries.at(-1);
            if (last?.isIntersecting !== isNear || (!isNear && element.contains(document.activeElement))) return;
            setState((before) =>
              before.near === isNear ? before : { near: isNear, height: last.boundingClientRect.height },
            );
          },
          // The pages scroll in a box of their own, which only the second of these reaches.
          { rootMargin: margin, scrollMargin: margin },
        );
        observer.observe(element);
        return observer;
      };
      const observers = [observe(COMES, true), observe(leaves, false)];
      return () => {
        for (const observer of observers) observer.disconnect();
      };
    },
    [leaves],
  );
  return [attach, near, height];
}
