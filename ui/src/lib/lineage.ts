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
  width: number;
  height: number;
  nodes: PlacedNode[];
  /** SVG paths of the edges. */
  edges: string[];
}

export const NODE = { width: 184, height: 52 };
const GAP = { along: 44, across: 12 };

/** Place the columns from left to right, or from top to bottom, each centred. Empty columns are passed over. */
export function layOut(lineage: Lineage, direction: "right" | "down"): LineageLayout {
  const columns = lineage.filter((column) => column.length > 0);
  const right = direction === "right";
  const step = right ? { along: NODE.width + GAP.along, across: NODE.height + GAP.across } : downStep();
  const most = Math.max(0, ...columns.map((column) => column.length));
  const placed = columns.map((column, place) =>
    column.map((node, index): PlacedNode => {
      const along = place * step.along;
      const across = (index + (most - column.length) / 2) * step.across;
      return right ? { ...node, x: along, y: across } : { ...node, x: across, y: along };
    }),
  );
  const edges = placed
    .slice(1)
    .flatMap((column, place) => placed[place]!.flatMap((from) => column.map((to) => edge(from, to, right))));
  const nodes = placed.flat();
  return {
    nodes,
    edges,
    width: Math.max(0, ...nodes.map((node) => node.x + NODE.width)),
    height: Math.max(0, ...nodes.map((node) => node.y + NODE.height)),
  };
}

function downStep() {
  return { along: NODE.height + 28, across: NODE.width + GAP.across };
}

function edge(from: PlacedNode, to: PlacedNode, right: boolean): string {
  const [x1, y1] = right
    ? [from.x + NODE.width, from.y + NODE.height / 2]
    : [from.x + NODE.width / 2, from.y + NODE.height];
  const [x2, y2] = right ? [to.x - 6, to.y + NODE.height / 2] : [to.x + NODE.width / 2, to.y - 6];
  const [c1, c2] = right
    ? [`${(x1 + x2) / 2} ${y1}`, `${(x1 + x2) / 2} ${y2}`]
    : [`${x1} ${(y1 + y2) / 2}`, `${x2} ${(y1 + y2) / 2}`];
  return `M${x1} ${y1}C${c1} ${c2} ${x2} ${y2}`;
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
