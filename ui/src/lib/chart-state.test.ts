import { expect, test } from "vitest";
import { type ChartState, chartParameters, parseChart, parseRange } from "./chart-state";
import { formatSearch } from "./url-state";

const state: ChartState = {
  axis: "metrics.tokens seen",
  logX: true,
  log: true,
  smoothing: 0.6,
  zoom: [-12.5, 1.7e9],
  clip: true,
  group: ["params.lr", "tags.team, a"],
  spread: "range",
  formulas: ["loss - val_loss", "min(`a,b`, 1)"],
  ranges: { "train/loss": [0, 2.5], "a 1~2, b": [1e-9, 1] },
  order: ["val/loss", "train/loss"],
  sections: ["system", "a, b"],
  large: ["f:log(loss)"],
  folded: ["system", ""].filter(Boolean),
  off: ["system/cpu"],
  row: 2,
  full: "val/loss",
  find: "loss",
};

test("charts as they are drawn and arranged come back from an address", () => {
  expect(parseChart(formatSearch(chartParameters(state)))).toEqual({ state, ignored: [] });
  const plain = parseChart("").state;
  expect(chartParameters(plain)).toEqual(
    Object.fromEntries(Object.keys(chartParameters(plain)).map((key) => [key, ""])),
  );
});

test("what does not read is left out and named, the rest stays", () => {
  const text =
    "?x=moon&smooth=7&zoom=9~1&spread=wide&range=loss,acc+0~1&group=metrics.loss,params.lr&row=9&y=log&clip=1";
  const { state: read, ignored } = parseChart(text);
  expect([...ignored].sort()).toEqual(["clip", "group", "range", "row", "smooth", "spread", "x", "zoom"]);
  expect(read).toMatchObject({
    axis: "step",
    log: true,
    zoom: undefined,
    ranges: { acc: [0, 1] },
    group: ["params.lr"],
  });
});

test("a range is two numbers in order", () => {
  expect(parseRange("-1.5~2e3")).toEqual([-1.5, 2000]);
  for (const text of ["1~1", "2~1", "1", "~", "a~b", "1~Infinity", ""]) expect(parseRange(text)).toBeUndefined();
});
