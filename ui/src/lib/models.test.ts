import { expect, test } from "vitest";
import { byUse, isBetter, mainAlias, modelPath, movesOf, parseVersions, standingOf, versionBefore } from "./models";

const SHOWN = {
  versions: [
    { name: "a", version: "2" },
    { name: "a", version: "10" },
    { name: "b", version: "1" },
  ],
  columns: {
    "metrics.val_auc": [0.9, 0.95, null],
    "metrics.epoch": [3, 3, 3],
    "metrics.loss": [null, "NaN", 0.5],
  },
};

test("a model stands by its main metric: of the version in use, and of the latest", () => {
  const aliases = [
    { alias: "a-first", version: "10" },
    { alias: "champion", version: "2" },
  ];
  expect(standingOf("a", aliases, SHOWN)).toEqual({
    metric: "val_auc",
    direction: "max",
    chosen: { alias: "champion", version: "2", value: 0.9 },
    latest: { version: "10", value: 0.95 },
  });
  expect(standingOf("b", [], SHOWN)).toMatchObject({ metric: "loss", chosen: undefined, latest: { value: 0.5 } });
  expect(standingOf("none", [], SHOWN)).toBe(undefined);
});

test("the alias in use", () => {
  expect(mainAlias([{ alias: "x" }, { alias: "Production" }])).toEqual({ alias: "Production" });
  expect(mainAlias([{ alias: "x" }])).toEqual({ alias: "x" });
  expect(mainAlias([])).toBe(undefined);
  expect(byUse([{ alias: "b" }, { alias: "a" }, { alias: "prod" }]).map((one) => one.alias)).toEqual([
    "prod",
    "a",
    "b",
  ]);
});

test("better depends on the metric", () => {
  expect([isBetter("val_auc", 0.9, 0.95), isBetter("loss", 0.9, 0.95), isBetter("flops", 1, 2)]).toEqual([
    true,
    false,
    undefined,
  ]);
  expect(isBetter("val_auc", 1, 1)).toBe(undefined);
});

test("moves of an alias say from where; the way back passes over what is gone", () => {
  const changes = [{ version: "3" }, { version: "" }, { version: "2" }, { version: "3" }, { version: "1" }];
  expect(movesOf(changes).map(({ change, from }) => `${from}>${change.version}`)).toEqual([
    ">3",
    "2>",
    "3>2",
    "1>3",
    ">1",
  ]);
  expect(versionBefore(changes, "3", () => true)).toBe("2");
  expect(versionBefore(changes, "3", (one) => one !== "2")).toBe("1");
  expect(versionBefore(changes.slice(0, 1), "3", () => true)).toBe(undefined);
});

test("addresses", () => {
  expect(parseVersions("1, 3,x,03,,-2")).toEqual(["1", "3"]);
  expect(modelPath("a b#?%", "versions", "1")).toBe("/models/a%20b%23%3F%25/versions/1");
});
