import { expect, test } from "vitest";
import { arrange, defaultRow, moved, panelOf, toggled } from "./board-layout";

const metrics = ["train/loss", "train/acc", "lr", "system/cpu", "score"].map((key) => ({
  key,
  points: key === "score" ? 1 : 100,
}));
const plain = { formulas: [], order: [], sections: [], off: [], find: "" };
const ids = (sections: ReturnType<typeof arrange>) =>
  sections.map(({ prefix, panels, singles }) => [prefix, panels.map(({ id }) => id), singles]);

const names = ({ panels }: { panels: Array<{ id: string }> }) => panels.map(({ id }) => id);

test("charts stand in sections, single values apart, the machine's last", () => {
  expect(ids(arrange(metrics, plain))).toEqual([
    ["", ["lr"], ["score"]],
    ["train", ["train/acc", "train/loss"], []],
    ["system", ["system/cpu"], []],
  ]);
});

test("formulas come first; what is left out or not found is not there", () => {
  const wanted = { ...plain, formulas: ["log(lr)", "1 - lr"], off: ["lr", "system/cpu", "f:1 - lr"] };
  expect(ids(arrange(metrics, wanted))).toEqual([
    ["Formulas", ["f:log(lr)"], []],
    ["", [], ["score"]],
    ["train", ["train/acc", "train/loss"], []],
  ]);
  expect(ids(arrange(metrics, { ...wanted, find: " LOSS" }))).toEqual([["train", ["train/loss"], []]]);
});

test("a chart moves within its section, and the other sections stay", () => {
  const [first, train] = arrange(metrics, plain);
  const order = moved(names(train!), ["lr"], "train/loss", 0);
  expect(order).toEqual(["lr", "train/loss", "train/acc"]);
  expect(arrange(metrics, { ...plain, order })[1]!.panels.map(({ id }) => id)).toEqual(["train/loss", "train/acc"]);
  expect(moved(names(train!), order, "train/loss", 99)).toEqual(["lr", "train/acc", "train/loss"]);
  expect(moved(names(first!), [], "lr", -1)).toEqual(["lr"]);
});

test("sections stand where they were put, before those that were not", () => {
  const shown = (sections: string[]) => arrange(metrics, { ...plain, formulas: ["1 - lr"], sections });
  const before = shown([]).map(({ name }) => name);
  expect(before).toEqual(["Formulas", "Metrics", "train", "system"]);
  const sections = moved(before, [], "system", 1);
  expect(shown(sections).map(({ name }) => name)).toEqual(["Formulas", "system", "Metrics", "train"]);
  expect(shown(["train", "gone"]).map(({ name }) => name)).toEqual(["train", "Formulas", "Metrics", "system"]);
});

test("an id tells its panel", () => {
  expect(panelOf("f:a/b - 1")).toEqual({ id: "f:a/b - 1", title: "a/b - 1", formula: "a/b - 1" });
  expect(panelOf("train/loss").title).toBe("loss");
  expect(panelOf("odd/").title).toBe("odd/");
  expect(toggled(toggled(["a"], "b"), "a")).toEqual(["b"]);
  expect([defaultRow(1, 1), defaultRow(1, 9), defaultRow(2, 2), defaultRow(3, 3), defaultRow(20, 400)]).toEqual([
    1, 2, 2, 3, 3,
  ]);
});
