/** One thing that a model was made from, or is. */
export interface LineageNode {
  id: string;
  /** "Dataset", "Run", "Logged model", "Version", "Alias". */
  kind: string;
  name: string;
  /** What is said below the name. */
  detail?: string;
  href?: string;
}

/** Nodes in columns: each node leads to all nodes of the next column. */
export type Lineage = LineageNode[][];

export interface PlacedNode extends LineageNode {
  x: number;
  y: number;
}

export interface LineageLayout {
  /** The size of every node. */
  node: { width: number; height: number };
  width: number;
  height: number;
  nodes: PlacedNode[];
  /** SVG paths of the edges. */
  edges: string[];
}

/** Size of a node, and the room between nodes: along the way, and beside it. */
const SHAPES = {
  right: { node: { width: 184, height: 52 }, along: 44, beside: 12 },
  down: { node: { width: 148, height: 52 }, along: 28, beside: 12 },
};
const TIP = 6;

/** Place the columns from left to right, or from top to bottom, each centred. Empty columns are passed over. */
export function layOut(lineage: Lineage, direction: "right" | "down"): LineageLayout {
  const columns = lineage.filter((column) => column.length > 0);
  const { node, along, beside } = SHAPES[direction];
  const most = Math.max(0, ...columns.map((column) => column.length));
  const place = (column: number, index: number, count: number) => {
    const across = index + (most - count) / 2;
    return direction === "right"
      ? { x: column * (node.width + along), y: across * (node.height + beside) }
      : { x: across * (node.width + beside), y: column * (node.height + along) };
  };
  const placed = columns.map((column, number) =>
    column.map((one, index): PlacedNode => ({ ...one, ...place(number, index, column.length) })),
  );
  const edge = (from: PlacedNode, to: PlacedNode) =>
    direction === "right"
      ? curve([from.x + node.width, from.y + node.height / 2], [to.x - TIP, to.y + node.height / 2], 0)
      : curve([from.x + node.width / 2, from.y + node.height], [to.x + node.width / 2, to.y - TIP], 1);
  const nodes = placed.flat();
  return {
    node,
    nodes,
    edges: placed
      .slice(1)
      .flatMap((column, before) => placed[before]!.flatMap((from) => column.map((to) => edge(from, to)))),
    width: Math.max(0, ...nodes.map((one) => one.x + node.width)),
    height: Math.max(0, ...nodes.map((one) => one.y + node.height)),
  };
}

type Spot = [x: number, y: number];

/** A curve that leaves and arrives along one axis. */
function curve(from: Spot, to: Spot, axis: 0 | 1): string {
  const middle = (from[axis] + to[axis]) / 2;
  const bend = ([x, y]: Spot) => (axis === 0 ? `${middle} ${y}` : `${x} ${middle}`);
  return `M${from.join(" ")}C${bend(from)} ${bend(to)} ${to.join(" ")}`;
}

interface RunLike {
  inputs?: {
    dataset_inputs?: Array<{ dataset?: { name?: string }; tags?: Array<{ key: string; value?: string }> }>;
  };
}

/** The datasets that a run read, each with what for. */
export function datasetNodes(run: RunLike | undefined): LineageNode[] {
  return (run?.inputs?.dataset_inputs ?? []).map(({ dataset, tags }, place) => {
    const context = tags?.find((tag) => tag.key === "mlflow.data.context")?.value;
    const node = { id: String(place), kind: "Dataset", name: dataset?.name || "unnamed" };
    return context ? { ...node, detail: context } : node;
  });
}

/** The same in one sentence, for those who do not see the picture. */
export function lineageInWords(lineage: Lineage): string {
  const parts = lineage
    .filter((column) => column.length > 0)
    .map((column) =>
      column.map(({ kind, name, detail }) => `${kind} ${name}${detail ? ` (${detail})` : ""}`).join(" and "),
    );
  return `${parts.join(", then ")}.`;
}
