import { expect, test } from "vitest";
import { chartBlock, formatFrozen, parseFrozen, parseSpec, reportParts, withBlock } from "./report";

const TEXT = "# Title\n\n```chart\nmetric=loss\nx=relative\n```\n\nafter\n\n```python\n```chart\nx = 1\n```\n";

test("blocks of charts are told from Markdown and other code", () => {
  expect(reportParts(TEXT)).toEqual([
    { kind: "text", text: "# Title\n" },
    { kind: "chart", body: "metric=loss\nx=relative" },
    { kind: "text", text: "\nafter\n\n```python\n```chart\nx = 1\n```\n" },
  ]);
  expect(reportParts("")).toEqual([]);
  expect(reportParts("~~~~chart\r\nmetric=a\r\n~~~~")).toEqual([{ kind: "chart", body: "metric=a" }]);
});

test("a block that is being written is no chart yet", () => {
  expect(reportParts("a\n```chart\nmetric=lo")).toEqual([{ kind: "text", text: "a\n```chart\nmetric=lo" }]);
});

test("a chart is said as an address is", () => {
  const spec = parseSpec(
    "metric = val/acc\nq=params.lr = 0.1 AND x != 'a=b'\nsort=-metrics.val/acc\nx=relative\ny=log",
    "7",
  );
  expect(spec).toMatchObject({
    metric: "val/acc",
    runs: [],
    experiments: ["7"],
    filter: "params.lr = 0.1 AND x != 'a=b'",
    order: ["metrics.`val/acc` DESC"],
    most: 50,
    looks: "x=relative&y=log",
    problem: undefined,
  });
  expect(parseSpec("/experiments/3?metric=a&q=x+%3D+1&smooth=0.5", "7")).toMatchObject({
    metric: "a",
    filter: "x = 1",
    looks: "smooth=0.5",
  });
  expect(parseSpec("metric=a\nruns=r1,r2,<b>\nexperiment=1,2\nmost=9999", "7")).toMatchObject({
    runs: ["r1", "r2"],
    experiments: ["1", "2"],
    most: 500,
  });
  expect(parseSpec("f=a / b", "7").metric).toBe("f:a / b");
  expect(parseSpec("nonsense", "7").problem).toMatch("metric=loss");
});

test("a new chart stands apart from what is around it", () => {
  const block = chartBlock({ metric: "loss", filter: "", runs: ["a", "b"], axis: "step" });
  expect(block).toBe("```chart\nmetric=loss\nruns=a,b\n```");
  expect(withBlock("one\ntwo", 1, block)).toBe(`one\n\n${block}\n\ntwo`);
  expect(withBlock("", 0, block)).toBe(`${block}\n`);
  expect(reportParts(withBlock("one", 3, block))).toHaveLength(2);
});

test("frozen data lives as long as its block", () => {
  const frozen = { "metric=loss\nx=relative": { a: 1 }, "metric=gone": { b: 2 } };
  expect(parseFrozen(formatFrozen(frozen, TEXT))).toEqual({ "metric=loss\nx=relative": { a: 1 } });
  expect(formatFrozen({}, TEXT)).toBe("");
  expect(parseFrozen("[1]")).toEqual({});
  expect(parseFrozen("{")).toEqual({});
});
