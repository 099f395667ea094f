import { expect, test } from "vitest";
import { type Lineage, layOut, lineageInWords, NODE } from "./lineage";

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
  const { nodes, edges, width, height } = layOut(LINEAGE, "right");
  const at = Object.fromEntries(nodes.map(({ id, x, y }) => [id, [x, y]]));
  expect(at.a![0]).toBe(at.b![0]);
  expect(at.r![0]).toBeGreaterThan(NODE.width);
  expect(at.r![1]).toBe((at.a![1]! + at.b![1]!) / 2);
  expect(edges).toHaveLength(3);
  expect(width).toBe(at.v![0]! + NODE.width);
  expect(height).toBe(at.b![1]! + NODE.height);
});

test("on a narrow screen they stand below each other", () => {
  const { nodes, width } = layOut(LINEAGE, "down");
  expect(nodes.find((node) => node.id === "v")!.y).toBeGreaterThan(NODE.height);
  expect(width).toBeLessThan(layOut(LINEAGE, "right").width);
});

test("in words", () => {
  expect(lineageInWords(LINEAGE)).toBe("Dataset train (training) and Dataset test, then Run night, then Version 3.");
  expect(layOut([], "right")).toEqual({ nodes: [], edges: [], width: 0, height: 0 });
});
