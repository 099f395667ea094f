import { type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Icon } from "../../components/icons";

const MOVES: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

interface Props {
  /** What is dragged, for those it may be dropped on. */
  kind: string;
  id: string;
  name: string;
  /** The element around that moves, to be seen while it is dragged. */
  around: string;
  onMove: (by: number) => void;
}

/** Drag it, or press an arrow on it, to put what it belongs to elsewhere. */
export function Grip({ kind, id, name, around, onMove }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const pressed = useRef(false);
  // A browser takes the focus from what is put elsewhere in the page.
  useEffect(() => {
    if (pressed.current) button.current?.focus();
    pressed.current = false;
  });
  const onDragStart = (event: DragEvent) => {
    event.stopPropagation();
    event.dataTransfer.setData(kind, id);
    event.dataTransfer.effectAllowed = "move";
    const whole = event.currentTarget.closest(around);
    if (whole) event.dataTransfer.setDragImage(whole, 16, 16);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = MOVES[event.key];
    if (by === undefined) return;
    event.preventDefault();
    pressed.current = true;
    onMove(by);
  };
  return (
    <button
      ref={button}
      type="button"
      className="chart-grip"
      draggable
      aria-label={`Move ${name}: drag, or press an arrow key`}
      title="Drag to move"
      onDragStart={onDragStart}
      onKeyDown={onKeyDown}
    >
      <Icon name="grip" />
    </button>
  );
}

/** What an element needs so that something may be dropped on it. */
export function useDropTarget(kind: string, onDrop: ((id: string) => void) | undefined) {
  const [target, setTarget] = useState(false);
  const over = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes(kind)) return;
    event.preventDefault();
    setTarget(true);
  };
  const drop = (event: DragEvent) => {
    setTarget(false);
    const id = event.dataTransfer.getData(kind);
    if (id !== "") onDrop?.(id);
  };
  return {
    "data-target": target,
    onDragOver: onDrop && over,
    onDragLeave: () => setTarget(false),
    onDrop: drop,
  };
}
