import { type RefCallback, useCallback, useState } from "react";

const COMES = "400px";
const LEAVES = "2000px";

/** Whether an element is near the screen; it stays so until it is far away. */
export function useNear(): [RefCallback<Element>, boolean] {
  const [near, setNear] = useState(false);
  const attach = useCallback((element: Element | null) => {
    if (!element) return undefined;
    const observe = (margin: string, isNear: boolean) => {
      const observer = new IntersectionObserver(
        (entries) => {
          if (entries.at(-1)?.isIntersecting === isNear) setNear(isNear);
        },
        // The pages scroll in a box of their own, which only the second of these reaches.
        { rootMargin: margin, scrollMargin: margin },
      );
      observer.observe(element);
      return observer;
    };
    const observers = [observe(COMES, true), observe(LEAVES, false)];
    return () => {
      for (const observer of observers) observer.disconnect();
    };
  }, []);
  return [attach, near];
}
