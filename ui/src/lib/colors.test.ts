import { expect, test } from "vitest";
import { APART, assignHues, formatColor, PALETTE, parseColor, preferredHue } from "./colors";

const ids = Array.from({ length: 20 }, (_, index) => `run-${index}`);

test("eight runs seen together have eight colours; more of them differ by the dash", () => {
  const hues = [...assignHues(ids).values()];
  expect(new Set(hues.slice(0, 8).map((hue) => hue.index)).size).toBe(8);
  expect(new Set(hues.map((hue) => `${hue.index} ${hue.dash}`)).size).toBe(20);
});

test("a run alone has the colour it prefers, on every page", () => {
  for (const id of ids) expect(assignHues([id]).get(id)).toEqual({ index: preferredHue(id), dash: 0 });
});

type Rgb = [number, number, number];

function linear(color: string): Rgb {
  return [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
}

const LUMINANCE: Rgb = [0.2126, 0.7152, 0.0722];
const XYZ = [[0.4124, 0.3576, 0.1805], LUMINANCE, [0.0193, 0.1192, 0.9505]] as Rgb[];
const WHITE: Rgb = [0.95047, 1, 1.08883];
const VISIONS: Record<string, Rgb[]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const dot = (left: Rgb, right: Rgb) => left[0] * right[0] + left[1] * right[1] + left[2] * right[2];

function lab(color: Rgb): Rgb {
  const [x, y, z] = XYZ.map((row, index) => {
    const part = Math.max(0, dot(row, color)) / WHITE[index]!;
    return part > 0.008856 ? Math.cbrt(part) : 7.787 * part + 16 / 116;
  }) as Rgb;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function contrast(left: string, right: string): number {
  const [high, low] = [dot(LUMINANCE, linear(left)), dot(LUMINANCE, linear(right))].sort((a, b) => b - a) as [
    number,
    number,
  ];
  return (high + 0.05) / (low + 0.05);
}

const THEMES = ["light", "dark"] as const;

function seenAs(theme: (typeof THEMES)[number], matrix: Rgb[]): Rgb[] {
  return PALETTE[theme].map((color) => {
    const source = linear(color);
    return lab(matrix.map((row) => Math.min(1, Math.max(0, dot(row, source)))) as Rgb);
  });
}

const distance = (left: Rgb, right: Rgb) => Math.hypot(...left.map((part, i) => part - right[i]!));

test("how far colours are apart is what the worst theme and colour vision make of it", () => {
  const seen = THEMES.flatMap((theme) => Object.values(VISIONS).map((matrix) => seenAs(theme, matrix)));
  const measured = PALETTE.light.map((_, left) =>
    PALETTE.light
      .slice(0, left)
      .map((_, right) => Math.round(Math.min(...seen.map((labs) => distance(labs[left]!, labs[right]!))))),
  );
  expect(APART).toEqual(measured);
});

const apart = (left: number, right: number) => APART[Math.max(left, right)]![Math.min(left, right)]!;

test("two runs are never of two colours alike, three and four hardly; who comes later changes no one", () => {
  for (let start = 0; start < 400; start += 1) {
    const some = [0, 1, 2, 3].map((number) => `${start} ${number}`);
    const indexes = [...assignHues(some).values()].map((hue) => hue.index);
    const closest = (count: number) =>
      Math.min(...indexes.slice(0, count).flatMap((one, at) => indexes.slice(0, at).map((other) => apart(one, other))));
    expect(closest(2)).toBeGreaterThanOrEqual(45);
    expect(closest(3)).toBeGreaterThanOrEqual(26);
    expect(closest(4)).toBeGreaterThanOrEqual(25);
    const fewer = assignHues(some.slice(0, 2));
    expect([...fewer.values()].map((hue) => hue.index)).toEqual(indexes.slice(0, 2));
  }
});

test.each(THEMES)("the %s palette stands out from the page, also without colour vision", (theme) => {
  const page = theme === "light" ? "#FFFFFF" : "#0F1318";
  for (const color of PALETTE[theme]) expect(contrast(color, page)).toBeGreaterThanOrEqual(3);
  for (const matrix of Object.values(VISIONS)) {
    const seen = seenAs(theme, matrix);
    seen.forEach((left, at) => {
      for (const right of seen.slice(at + 1)) expect(distance(left, right)).toBeGreaterThan(20);
    });
  }
});

test("a colour that people chose stays, and the others avoid it", () => {
  const some = ids.slice(0, 6);
  const hues = assignHues(some, new Map([[some[3]!, 5]]));
  expect(hues.get(some[3]!)).toEqual({ index: 5, dash: 0 });
  expect(new Set([...hues.values()].map((hue) => hue.index)).size).toBe(6);
  expect(assignHues([...some].reverse(), new Map([[some[3]!, 5]])).get(some[3]!)?.index).toBe(5);
});

test("a tag names a colour by its place, from 1", () => {
  expect([
    formatColor(0),
    parseColor("1"),
    parseColor("8"),
    parseColor("9"),
    parseColor("x"),
    parseColor(null),
  ]).toEqual(["1", 0, 7, undefined, undefined, undefined]);
});
