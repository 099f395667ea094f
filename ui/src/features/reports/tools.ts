import type { ReactNode } from "react";
import type { ChartSpec } from "../../lib/report";

/** How charts are drawn, kept and taken along: what the app lends to reports. */
export interface ChartTools {
  /** A chart, live or of kept data. */
  draw: (spec: ChartSpec, frozen: unknown) => ReactNode;
  /** What a chart shows now, as plain JSON. */
  freeze: (body: string, experimentId: string) => Promise<unknown>;
  /** A chart of kept data as a drawing that needs nothing else. */
  svg: (spec: ChartSpec, frozen: unknown) => Promise<string>;
  /** The metrics that a new chart may show. */
  metrics: (experimentId: string) => Promise<string[]>;
}
