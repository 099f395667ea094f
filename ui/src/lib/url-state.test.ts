import { expect, test } from "vitest";
import {
  formatSearch,
  fromMlflowHash,
  joinList,
  parseRunIds,
  parseTable,
  splitList,
  tableParameters,
} from "./url-state";

const state = {
  query: "metrics.`a b` > 0.9 AND params.x = 'é&='",
  sort: [
    { column: "metrics.acc,uracy", descending: true },
    { column: "params.lr", descending: false },
  ],
  columns: ["metrics.a\\b", "params.lr"],
  pinned: ["metrics.a\\b"],
  widths: { "metrics.a:b,c": 140 },
  group: ["params.a,b", "tags.t"],
  stat: "best" as const,
  open: ["r1", "-=a/b"],
  nested: false,
  differing: true,
  bars: false,
  hidden: ["r2"],
  selected: ["0a1b", "c-d"],
  peek: "r3",
  stage: "deleted" as const,
};

test("what a table shows is read back from its address", () => {
  const parsed = parseTable(formatSearch(tableParameters(state)));
  expect(parsed).toEqual({ state, ignored: [] });
});

test("the address can be read by people", () => {
  const text = formatSearch({ q: "metrics.acc > 0.9", sort: "-metrics.val/loss", cols: "" });
  expect(text).toBe("?q=metrics.acc+>+0.9&sort=-metrics.val/loss");
});

test("damaged parts are left out and named", () => {
  const { state: read, ignored } = parseTable("?sort=nonsense,-metrics.a&cols=&runs=%00,ok&stage=gone");
  expect(read.sort).toEqual([{ column: "metrics.a", descending: true }]);
  expect(read.columns).toBeUndefined();
  expect(read.selected).toEqual(["ok"]);
  expect(read.stage).toBe("active");
  const more = parseTable("?w=params.a:x,params.b:99&group=metrics.a,params.a,params.b,params.c&nest=maybe&peek=%2F");
  expect(more.state.widths).toEqual({ "params.b": 99 });
  expect(more.state.group).toEqual(["params.a", "params.b"]);
  expect(more.state.nested).toBe(true);
  expect(more.state.peek).toBe("");
  expect(more.ignored).toEqual(["w", "group", "nest"]);
  expect(ignored).toEqual(["sort", "runs", "stage"].sort((a, b) => ignored.indexOf(a) - ignored.indexOf(b)));
});

test("a percent sign that escapes nothing does no harm", () => {
  expect(parseTable("?q=100%&sort=%E0%A4%A").state.query).toBe("100%");
});

test("lists keep commas and backslashes inside their parts", () => {
  const parts = ["a,b", "c\\d", "e"];
  expect(splitList(joinList(parts))).toEqual(parts);
});

test("runs to compare count once, in their order", () => {
  expect(parseRunIds("?runs=b,a,b,<x>")).toEqual({ state: ["b", "a"], ignored: ["runs"] });
});

test("addresses that MLflow prints lead to the pages here", () => {
  expect(fromMlflowHash("#/experiments/12/runs/abc123")).toBe("/runs/abc123");
  expect(fromMlflowHash("#/experiments/12?tab=x")).toBe("/experiments/12");
  expect(fromMlflowHash("#/experiments/12/models/m-0a")).toBe("/m/m-0a");
  expect(fromMlflowHash("#/models/fraud%20x/versions/3")).toBe("/models/fraud%20x/versions/3");
  expect(fromMlflowHash("#/models/fraud")).toBe("/models/fraud");
  expect(fromMlflowHash("#/models?searchQuery=x")).toBe("/models");
  expect(fromMlflowHash("#/")).toBe("/");
  expect(fromMlflowHash("#page")).toBeUndefined();
});
