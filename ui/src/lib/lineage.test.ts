import { expect, test } from "vitest";
import { type Lineage, layOut, lineageInWords } from "./lineage";

const LINEAGE: Lineage = [
  [
    { id: "a", kind: "Dataset", name: "train", detail: "training" },
    { id: "b", kind: "Dataset", name: "test" },
  ],
  [],
  [{ id: "r", kind: "Run", name: "night" }],
  [{ id: "v", kind: "Version", name: "3" }],
];

test("columns stand side by side, each centred, and every node leads to all of the next column", () => {
  const { node, nodes, edges, width, height } = layOut(LINEAGE, "right");
  const at = Object.fromEntries(nodes.map(({ id, x, y }) => [id, [x, y]]));
  expect(at.a![0]).toBe(at.b![0]);
  expect(at.r![0]).toBeGreaterThan(node.width);
  expect(at.r![1]).toBe((at.a![1]! + at.b![1]!) / 2);
  expect(edges).toHaveLength(3);
  expect(width).toBe(at.v![0]! + node.width);
  expect(height).toBe(at.b![1]! + node.height);
});

test("on a narrow screen they stand below each other", () => {
  const { node, nodes, width } = layOut(LINEAGE, "down");
  expect(nodes.find((one) => one.id === "v")!.y).toBeGreaterThan(node.height);
  expect(width).toBeLessThan(layOut(LINEAGE, "right").width);
});

test("in words", () => {
  expect(lineageInWords(LINEAGE)).toBe("Dataset train (training) and Dataset test, then Run night, then Version 3.");
  expect(layOut([], "right")).toMatchObject({ nodes: [], edges: [], width: 0, height: 0 });
});
