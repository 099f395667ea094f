import { expect, test } from "vitest";
import {
  calledBy,
  columnsOf,
  columnWidth,
  defaultColumns,
  expandColumns,
  foldEqual,
  fullLabelOf,
  isNumeric,
  searchName,
} from "./columns";
import { append, EMPTY_FRAME, type Page } from "./frame";

const frameOf = (columns: Page["columns"]) =>
  append(EMPTY_FRAME, { run_ids: Object.values(columns)[0]!.map((_, index) => `r${index}`), columns });

test("metrics come first, then params that vary; those equal in all runs are folded", () => {
  const frame = frameOf({
    "params.lr": ["0.1", "0.01"],
    "params.epochs": ["90", "90"],
    "params.only_one": ["x", null],
    "metrics.loss": [1, 2],
    "metrics.val_accuracy": [0.8, 0.9],
    "tags.mlflow.user": ["u", "v"],
  });
  expect(defaultColumns(frame)).toEqual({
    shown: [
      "attributes.status",
      "metrics.val_accuracy",
      "metrics.loss",
      "params.lr",
      "params.only_one",
      "attributes.start_time",
      "attributes.duration",
    ],
    constant: ["params.epochs"],
    more: 0,
  });
});

test("a run that has logged no param yet unfolds nothing", () => {
  const frame = frameOf({ "params.lr": ["0.1", "0.01", null], "params.epochs": ["90", "90", null] });
  expect(defaultColumns(frame).constant).toEqual(["params.epochs"]);
});

test("params that most runs have and that are equal there are folded", () => {
  const frame = frameOf({
    "params.epochs": [null, "90", "90", "90"],
    "params.rare": ["7", "7", null, null],
    "params.lr": ["1", "2", "3", "4"],
  });
  expect(defaultColumns(frame).constant).toEqual(["params.epochs"]);
});

test("a metric that only the parent of a sweep has comes after those of its children", () => {
  const frame = frameOf({
    "metrics.best_val_accuracy": [0.9, null, null, null],
    "metrics.train_loss": [null, 1, 2, 3],
    "metrics.val_accuracy": [null, 0.7, 0.8, 0.9],
    "metrics.epoch": [1, 1, 1, 1],
  });
  expect(columnsOf(frame, "metrics")).toEqual([
    "metrics.val_accuracy",
    "metrics.train_loss",
    "metrics.best_val_accuracy",
    "metrics.epoch",
  ]);
});

test("of very many columns some are shown, and the rest is counted", () => {
  const many = Object.fromEntries(
    Array.from({ length: 12_000 }, (_, index) => [`metrics.m${index}`, [index, index + 1]]),
  );
  const { shown, more } = defaultColumns(frameOf(many));
  expect(shown.length).toBeLessThan(12);
  expect(shown.length - 3 + more).toBe(12_000);
});

test("at least three metrics stay, however many params vary", () => {
  const metrics = Object.fromEntries(["a", "b", "c", "d"].map((key) => [`metrics.${key}`, [1, 2]]));
  const params = Object.fromEntries(
    Array.from({ length: 14 }, (_, index) => [`params.long_name_${index}`, ["1", "2"]]),
  );
  const { shown } = defaultColumns(frameOf({ ...metrics, ...params }));
  expect(shown.filter((name) => name.startsWith("metrics."))).toHaveLength(3);
});

test("odd keys stand in backticks in the search language", () => {
  expect(searchName("metrics.val.loss")).toBe("metrics.val.loss");
  expect(searchName("metrics.val/loss")).toBe("metrics.`val/loss`");
  expect(searchName("params.a`b")).toBe('params."a`b"');
});

test("a column is numeric when all it holds are numbers", () => {
  expect(isNumeric(["1", null, "NaN"])).toBe(true);
  expect(isNumeric(["1", "x"])).toBe(false);
  expect(isNumeric([null])).toBe(false);
});

test("a column never grows past its limit, whatever it holds", () => {
  expect(columnWidth(frameOf({ "params.x": ["y".repeat(5000)] }), "params.x")).toBeLessThanOrEqual(220);
});

test("a choice that ends with a star stands for all that begin so", () => {
  const frame = frameOf({ "metrics.val/a": [1], "metrics.val/b": [1], "metrics.loss": [1], "params.p*": ["1"] });
  expect(expandColumns(frame, ["metrics.val/*", "metrics.val/a", "params.p*"])).toEqual([
    "metrics.val/a",
    "metrics.val/b",
    "params.p*",
  ]);
  expect(expandColumns(frame, ["curves.val/*"])).toEqual(["curves.val/a", "curves.val/b"]);
});

test("columns that are equal in the rows shown are folded", () => {
  const frame = frameOf({ "metrics.a": [1, 1, 2], "params.b": ["x", "y", "x"], "attributes.status": ["F", "F", "F"] });
  const columns = ["attributes.status", "metrics.a", "params.b", "params.none"];
  expect(foldEqual(frame, columns, [0, 1])).toEqual({
    shown: ["attributes.status", "params.b"],
    constant: ["metrics.a", "params.none"],
  });
  expect(foldEqual(frame, columns, [0, 1, 2]).constant).toEqual(["params.none"]);
});

test("headings tell what of a metric is shown", () => {
  expect(fullLabelOf("metrics.loss")).toBe("loss");
  expect(fullLabelOf("metrics_min.loss")).toBe("loss min");
});

test("a run whose name shows nothing goes by its id", () => {
  expect([calledBy("a", "id"), calledBy(" ", "id"), calledBy("", "id"), calledBy(null, "id")]).toEqual([
    "a",
    "id",
    "id",
    "id",
  ]);
});
