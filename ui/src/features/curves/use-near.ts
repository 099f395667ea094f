import { type RefCallback, useCallback, useState } from "react";

const MARGIN = "400px";

/** Whether an element came near the screen; once true it stays so. */
export function useNear(): [RefCallback<Element>, boolean] {
  const [near, setNear] = useState(false);
  const attach = useCallback((element: Element | null) => {
    if (!element) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        setNear(true);
        observer.disconnect();
      },
      // The pages scroll in a box of their own, which only the second of these reaches.
      { rootMargin: MARGIN, scrollMargin: MARGIN },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [attach, near];
}
