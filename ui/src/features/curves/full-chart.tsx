import { useEffect, useRef } from "react";
import { panelOf } from "../../lib/board-layout";
import { CurveCard, type Shared } from "./card";
import type { CardActs } from "./card-menu";

/** One chart over the whole screen; Escape leaves it. */
export function FullChart({ id, shared, acts }: { id: string; shared: Shared; acts: CardActs }) {
  const element = useRef<HTMLDialogElement>(null);
  const panel = panelOf(id);
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className="chart-full"
      aria-label={`${panel.title} over the full screen`}
      onClose={acts.onFull}
    >
      <CurveCard panel={panel} size="full" acts={acts} {...shared} />
    </dialog>
  );
}
