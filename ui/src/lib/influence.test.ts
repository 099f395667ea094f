import { expect, test } from "vitest";
import type { Cell } from "./cells";
import { etaSquared, influenceInWords, rankInfluence, ranks, spearman } from "./influence";

test("equal values share the mean of their ranks", () => {
  expect([...ranks([10, 20, 20, 5])]).toEqual([2, 3.5, 3.5, 1]);
});

// Values of scipy.stats.spearmanr: IQ and hours of television (Wikipedia, "Spearman's rank correlation coefficient").
test("Spearman's coefficient is the known one", () => {
  const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
  const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
  expect(spearman(iq, hours)).toBeCloseTo(-29 / 165, 12);
  expect(spearman([1, 2, 3, 4], [1, 8, 27, 64])).toBe(1);
  expect(spearman([1, 2, 2, 3], [1, 3, 2, 4])).toBeCloseTo(0.9486832980505138, 12);
  expect(spearman([1, 1, 1], [1, 2, 3])).toBeUndefined();
});

// Algebra 45 70 29 15 21, geometry 40 20 30 42, statistics 65 95 80 70 85 73 (Wikipedia, "Correlation ratio"): eta² = 6780/9640.
test("eta squared is the known one", () => {
  const values = [45, 70, 29, 15, 21, 40, 20, 30, 42, 65, 95, 80, 70, 85, 73];
  const groups = [..."aaaaaggggssssss"];
  expect(etaSquared(groups, values)).toBeCloseTo(6780 / 9640, 12);
  expect(etaSquared(["a", "b"], [1, 1])).toBeUndefined();
});

const COUNT = 80;
const rows = Array.from({ length: COUNT }, (_, row) => row);
const outcome: Cell[] = rows.map((row) => row);

test("params are ranked by strength; those that do not vary or name every run are left out", () => {
  const columns = new Map<string, Cell[]>([
    ["params.noise", rows.map((row) => String((row * 37) % COUNT))],
    ["params.lr", rows.map((row) => String(1 / (row + 1)))],
    ["params.kind", rows.map((row) => (row < 40 ? "small" : "large"))],
    ["params.same", rows.map(() => "x")],
    ["params.name", rows.map((row) => `trial-${row}`)],
  ]);
  const found = rankInfluence(columns, [...columns.keys()], outcome);
  expect(found.map((one) => one.column)).toEqual(["params.lr", "params.kind", "params.noise"]);
  expect(found[0]).toMatchObject({ rho: -1, kind: "number", count: COUNT, bent: false });
  expect(found[1]!.kind).toBe("category");
});

test("a param whose middle is best is found, and said to bend", () => {
  const bent = rows.map((row) => String(Math.abs(row - 40) * (row < 40 ? -1 : 1)));
  const peaked: Cell[] = rows.map((row) => -Math.abs(row - 40));
  const [one] = rankInfluence(new Map([["params.lr", bent]]), ["params.lr"], peaked);
  expect(one!.bent).toBe(true);
  expect(one!.strength).toBeGreaterThan(0.8);
  expect(influenceInWords(one!, "lr", "accuracy")).toBe(
    "accuracy goes up and down strongly with lr, not in one direction, over 80 runs.",
  );
});

test("runs without the param or without a finite outcome do not count", () => {
  const columns = new Map<string, Cell[]>([["params.lr", ["1", "2", null, "3", "4", "5", "6"]]]);
  const [one] = rankInfluence(columns, ["params.lr"], [1, 2, 3, "NaN", 4, 5, 6]);
  expect(one).toMatchObject({ count: 5, rho: 1 });
  expect(rankInfluence(columns, ["params.lr"], [1, 2, 3])).toEqual([]);
});
