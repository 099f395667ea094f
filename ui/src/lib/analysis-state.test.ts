import { expect, test } from "vitest";
import { analysisParameters, parseAnalysis } from "./analysis-state";

test("an address says what charts show, and is written the same again", () => {
  const parameters = {
    outcome: "metrics.val/loss",
    axes: "-log:params.lr,params.a\\,b",
    keep: "params.lr >= 0.001 and params.lr <= 0.1",
    sx: "log:params.lr",
    sy: "",
    sc: "",
    bx: "params.optimizer",
    by: "",
    contour: "1",
  };
  const { state, ignored } = parseAnalysis(new URLSearchParams(parameters).toString().replace(/(sy|sc|by)=&?/g, ""));
  expect(ignored).toEqual([]);
  expect(state.axes?.map((axis) => axis.column)).toEqual(["params.lr", "params.a,b"]);
  expect(analysisParameters(state)).toEqual(parameters);
});

test("what is not understood is left out and named", () => {
  const { state, ignored } = parseAnalysis("outcome=x&axes=params.lr,bad&keep=params.lr+>+1&sx=lr");
  expect(ignored).toEqual(["outcome", "axes", "keep", "sx"]);
  expect(state.axes).toHaveLength(1);
  expect([state.outcome, state.keep.size, state.scatterX]).toEqual([undefined, 0, undefined]);
});

test("a column stands on one axis only", () => {
  expect(parseAnalysis("axes=params.lr,-params.lr").state.axes).toHaveLength(1);
});
