import type { Cell } from "./cells";
import type { Frame } from "./frame";

/** A point of a logged model's metric, as far as it is looked at here. */
export interface PointLike {
  key: string;
  value: number | string;
  timestamp: number;
  step?: number;
  dataset_name?: string | null;
  dataset_digest?: string | null;
}

interface ModelLike {
  info: { model_id: string };
  data?: { metrics?: PointLike[]; params?: Array<{ key: string; value?: string }> };
}

/** The latest point of each metric on each dataset: by time, then step; by metric, then dataset. */
export function latestPoints<Point extends PointLike>(points: readonly Point[]): Point[] {
  const latest = new Map<string, Point>();
  for (const point of points) {
    const place = [point.key, point.dataset_name ?? "", point.dataset_digest ?? ""].join("\n");
    const known = latest.get(place);
    if (!known || isLater(point, known)) latest.set(place, point);
  }
  return [...latest].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, point]) => point);
}

function isLater(one: PointLike, other: PointLike): boolean {
  return (
    one.timestamp - other.timestamp > 0 || (one.timestamp === other.timestamp && (one.step ?? 0) >= (other.step ?? 0))
  );
}

/** Logged models as rows of a table, named by id, with their latest metrics on whatever dataset, and their params. */
export function loggedFrame(models: readonly ModelLike[]): Frame {
  const columns = new Map<string, Cell[]>();
  const put = (name: string, row: number, cell: Cell) => {
    const cells = columns.get(name) ?? models.map(() => null);
    cells[row] = cell;
    columns.set(name, cells);
  };
  models.forEach(({ data }, row) => {
    for (const { key, value = "" } of data?.params ?? []) put(`params.${key}`, row, value);
    const latest = new Map<string, PointLike>();
    for (const point of data?.metrics ?? []) {
      const known = latest.get(point.key);
      if (!known || isLater(point, known)) latest.set(point.key, point);
    }
    for (const [key, { value }] of latest) put(`metrics.${key}`, row, value);
  });
  return { runIds: models.map(({ info }) => info.model_id), columns };
}

/** Models that older clients noted in a run's tag: where they lie among its files. */
export function notedModels(tag: string | undefined): string[] {
  try {
    const value: unknown = JSON.parse(tag ?? "[]");
    const paths = (Array.isArray(value) ? value : []).map(
      (one: { artifact_path?: unknown } | null) => one?.artifact_path,
    );
    return [...new Set(paths.filter((path) => typeof path === "string" && path !== ""))] as string[];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
