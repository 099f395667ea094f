import type { KeyboardEvent } from "react";
import type { Curve, RunFamily } from "../../api/generated";
import type { Hue } from "../../lib/colors";
import type { Frame, SortKey } from "../../lib/frame";
import type { Line } from "../../lib/groups";
import type { MainMetric } from "../../lib/metrics";
import type { GroupStat } from "../../lib/url-state";

/** What the reader does in the table. The same functions throughout, so that rows are drawn only when they change. */
export interface GridActions {
  activate: (index: number, column?: number) => void;
  toggle: (index: number, range: boolean) => void;
  toggleAll: () => void;
  /** Open or close what lies below a line. */
  turn: (key: string) => void;
  sort: (sort: SortKey[]) => void;
  hideColumn: (column: string) => void;
  pin: (column: string) => void;
  /** Give a column a width; undefined for the one that fits. */
  resize: (column: string, width: number | undefined) => void;
  /** Put a column in the place of another one. */
  move: (column: string, before: string) => void;
  /** Put a column further on by places, or back. */
  shift: (column: string, places: number) => void;
  /** Put a column of another kind for the same metric beside it. */
  addBeside: (column: string, next: string) => void;
  main: (main: MainMetric) => void;
  /** Choose a colour, beside the swatch that was pressed. */
  color: (runId: string, anchor: HTMLElement) => void;
  hide: (runId: string) => void;
  peek: (runId: string, edit?: boolean) => void;
  filter: (query: string) => void;
  group: (column: string) => void;
  visible: (runIds: string[]) => void;
  end: () => void;
  keyDown: (event: KeyboardEvent) => void;
}

export interface GridProps {
  frame: Frame;
  lines: readonly Line[];
  total: number;
  /** Rows of runs that match, for what is worked out over all of them. */
  rows: readonly number[];
  whole: boolean;
  columns: string[];
  pinned: readonly string[];
  widths: Record<string, number>;
  sort: SortKey[];
  main: MainMetric | undefined;
  bars: boolean;
  stat: GroupStat;
  groupBy: readonly string[];
  families: ReadonlyMap<string, RunFamily>;
  sparks: ReadonlyMap<string, Curve>;
  selected: ReadonlySet<string>;
  hidden: ReadonlySet<string>;
  /** Hues of the selected runs, as a comparison of them draws them; the others have their own. */
  hues: ReadonlyMap<string, Hue>;
  active: number;
  activeColumn: number;
  peeked: string;
  stale: boolean;
  query: string;
  /** When it changes, the table starts at its top again. */
  view: string;
  act: GridActions;
}
