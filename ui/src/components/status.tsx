import { formatCount } from "../lib/format";

const SHAPES: Record<string, { word: string; tone: string; d: string }> = {
  FINISHED: {
    word: "Finished",
    tone: "ok",
    d: "M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM5.2 8.2l2 2 3.6-4.2",
  },
  FAILED: {
    word: "Failed",
    tone: "bad",
    d: "M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4",
  },
  RUNNING: {
    word: "Running",
    tone: "running",
    d: "M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM6.6 5.6v4.8L10.6 8z",
  },
  KILLED: { word: "Killed", tone: "warn", d: "M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4zM5.5 8h5" },
  SCHEDULED: {
    word: "Scheduled",
    tone: "muted",
    d: "M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM8 4.8V8l2.2 1.6",
  },
};

/** The word for a status as the server names it. */
export function statusWord(status: string): string {
  return SHAPES[status]?.word ?? (status || "Unknown");
}

/** A status as icon and word. */
export function Status({ status }: { status: string }) {
  const shape = SHAPES[status];
  return (
    <span className={`status tone-${shape?.tone ?? "muted"}`}>
      <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d={shape?.d ?? "M3 8h10"} />
      </svg>
      <span className="truncate">{statusWord(status)}</span>
    </span>
  );
}

/** How many runs are in a state, as icon, number and word; nothing for none. */
export function StatusCount({ status, count }: { status: string; count: number }) {
  const shape = SHAPES[status];
  if (count === 0 || !shape) return null;
  return (
    <span className={`status tone-${shape.tone}`}>
      <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d={shape.d} />
      </svg>
      {formatCount(count)} {shape.word.toLowerCase()}
    </span>
  );
}
