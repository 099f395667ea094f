import { type PointerEvent, useRef, useState } from "react";

/** What part of every image is seen: `scale` times as large, moved by parts of its own size. */
export interface Zoom {
  scale: number;
  x: number;
  y: number;
  by: (factor: number) => void;
  reset: () => void;
  onPointerDown: (event: PointerEvent) => void;
  onPointerMove: (event: PointerEvent) => void;
  onPointerUp: () => void;
}

const LARGEST = 32;

/** One zoom for all images, so that the same place is seen in each. */
export function useZoom(): Zoom {
  const [{ scale, x, y }, set] = useState({ scale: 1, x: 0, y: 0 });
  const from = useRef<{ clientX: number; clientY: number; width: number; height: number }>(undefined);
  const move = (next: { scale: number; x: number; y: number }) => {
    const most = (next.scale - 1) / 2;
    const within = (value: number) => Math.max(-most, Math.min(most, value));
    set({ scale: next.scale, x: within(next.x), y: within(next.y) });
  };
  return {
    scale,
    x,
    y,
    by: (factor) => {
      const next = Math.max(1, Math.min(LARGEST, scale * factor));
      move({ scale: next, x: (x / scale) * next, y: (y / scale) * next });
    },
    reset: () => set({ scale: 1, x: 0, y: 0 }),
    onPointerDown: (event) => {
      if (scale === 1) return;
      const { width, height } = event.currentTarget.getBoundingClientRect();
      from.current = { clientX: event.clientX, clientY: event.clientY, width, height };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event) => {
      const start = from.current;
      if (!start) return;
      const [right, down] = [
        (event.clientX - start.clientX) / start.width,
        (event.clientY - start.clientY) / start.height,
      ];
      from.current = { ...start, clientX: event.clientX, clientY: event.clientY };
      move({ scale, x: x + right, y: y + down });
    },
    onPointerUp: () => {
      from.current = undefined;
    },
  };
}
