import { expect, test } from "vitest";
import type { ChartLine } from "./chart-lines";
import { chartSvg, type Drawn } from "./chart-svg";

const line = (name: string, ys: number[], more: Partial<ChartLine> = {}): ChartLine => ({
  id: name,
  name,
  runIds: [name],
  hue: { index: 0, dash: 0 },
  xs: Float64Array.from(ys, (_, index) => index),
  ys: Float64Array.from(ys),
  steps: Float64Array.from(ys, (_, index) => index),
  smoothed: undefined,
  scattered: false,
  spread: undefined,
  ...more,
});
const drawn = (lines: ChartLine[], more: Partial<Drawn> = {}): Drawn => ({
  title: "train/loss",
  lines,
  within: { low: 0, high: 4 },
  y: { low: 0, high: 10 },
  log: false,
  logX: false,
  xName: "Step",
  xLabel: String,
  ...more,
});

test("a chart is a vector drawing with its title, ticks and a line for each run", () => {
  const svg = chartSvg(drawn([line("a", [0, 5, 10]), line("b", [1, 2, 3], { hue: { index: 1, dash: 1 } })]));
  expect(svg).toContain("<title>train/loss</title>");
  expect(svg).toContain('d="M72 444L288 244L504 44"');
  expect(svg.match(/stroke-width="1.5"/g)).toHaveLength(2);
  expect(svg).toContain('stroke-dasharray="8 4"');
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test("names are text, whatever they hold", () => {
  const name = '<script>alert("1")</script> & \u0007';
  const svg = chartSvg(drawn([line(name, [1, 2])], { title: name }));
  expect(svg).not.toContain("<script");
  expect(svg).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; \ufffd");
});

test("gaps stay gaps, and what is not finite is marked", () => {
  const svg = chartSvg(drawn([line("a", [1, Number.NaN, 3, 4, Number.POSITIVE_INFINITY])]));
  expect(svg).toMatch(/d="M72 404h0M504 324L720 284"/);
  expect(svg).toContain("M288 440m-4-4l8 8m-8 0l8-8");
  expect(svg).toContain("M936 44l-4 8h8z");
  expect(svg).not.toMatch(/NaN|undefined/);
});

test("bands, smoothing and log axes are drawn", () => {
  const ys = Float64Array.of(1, 10, 100);
  const spread = {
    low: Float64Array.of(-1, 5, 50),
    high: Float64Array.of(2, 20, 200),
    deviations: ys,
    counts: Float64Array.of(2, 2, 2),
  };
  const svg = chartSvg(
    drawn([line("a", [1, 10, 100], { spread, smoothed: ys })], { y: { low: 1, high: 100 }, log: true }),
  );
  expect(svg).toContain('fill-opacity="0.18"');
  expect(svg).toContain('stroke-opacity="0.25"');
  expect(svg).toContain("M72 444L288 244L504 44");
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test("a legend that would be too long says what it leaves out", () => {
  const many = Array.from({ length: 60 }, (_, index) => line(`run-${index}`, [1, 2]));
  const svg = chartSvg(drawn(many));
  expect(svg).toContain("and 15 more");
});
