import { expect, test } from "vitest";
import { fileSections, tagSection } from "./version-diff";

const file = (inputs: string, requirements: string) => ({
  mlmodel: `flavors:\n  sklearn:\n    sklearn_version: 1.5\nsignature:\n  inputs: '${inputs}'\n  outputs: null\n`,
  requirements,
});

test("signatures and requirements side by side", () => {
  const sections = fileSections([
    file('[{"name": "a", "type": "long"}, {"name": "b", "type": "double"}]', "numpy==1\npandas\n"),
    file(
      '[{"name": "a", "type": "double"}, {"name": "b", "type": "double"}, {"name": "c", "type": "string"}]',
      "numpy==2\npandas\n",
    ),
  ]);
  const rows = (title: string) =>
    sections.find((one) => one.title === title)!.rows.map(({ key, cells, differs }) => [key, ...cells, differs]);
  expect(rows("Inputs")).toEqual([
    ["a", "long", "double", true],
    ["b", "double", "double", false],
    ["c", null, "string", true],
  ]);
  expect(rows("Outputs")).toEqual([]);
  expect(rows("Requirements")).toEqual([
    ["numpy", "==1", "==2", true],
    ["pandas", "any version", "any version", false],
  ]);
  expect(rows("Flavors")).toEqual([["sklearn: sklearn_version", "1.5", "1.5", false]]);
});

test("tags side by side", () => {
  const { rows } = tagSection([{ tags: [{ key: "a", value: "1" }] }, {}]);
  expect(rows.map(({ key, cells, differs }) => [key, ...cells, differs])).toEqual([["a", "1", null, true]]);
});
