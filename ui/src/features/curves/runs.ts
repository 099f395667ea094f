import type { Hue } from "../../lib/colors";

/** A run whose curves are drawn. */
export interface DrawnRun {
  id: string;
  name: string;
  hue: Hue;
  /** Start in milliseconds, the zero of relative time. */
  start: number;
}
