import { expect, test } from "vitest";
import { lastWords, settleConsole } from "./console-text";

test("colours become classes, across lines, and other control characters vanish", () => {
  const { lines, tokens } = settleConsole("\x1b[31mred\x1b[0m plain\n\x1b[1;92mgreen\nstill\x1b[m\x1b[2K\x07 end\n");
  expect(lines).toEqual(["red plain", "green", "still end"]);
  expect(tokens).toEqual([
    [
      { start: 0, kind: "ansi-1" },
      { start: 3, kind: "" },
    ],
    [{ start: 0, kind: "ansi-2 ansi-bold" }],
    [
      { start: 0, kind: "ansi-2 ansi-bold" },
      { start: 5, kind: "" },
    ],
  ]);
});

test.each([
  ["38;5;196", "ansi-1"],
  ["38;5;12", "ansi-4"],
  ["38;5;244", "ansi-7"],
  ["38;2;250;200;20", "ansi-3"],
  ["38;2;1;2;3", "ansi-0"],
  ["48;5;196", ""],
])("%s is the nearest of eight colours", (codes, kind) => {
  expect(settleConsole(`\x1b[${codes}mx`).tokens[0]?.at(0)?.kind ?? "").toBe(kind);
});

test("a progress bar counts once, in its last state", () => {
  expect(settleConsole("10%\r50%\r100% done\nnext\r\n").lines).toEqual(["100% done", "next"]);
  expect(settleConsole("loading model\rready\n").lines).toEqual(["readyng model"]);
  expect(settleConsole("\x1b[32m10%\r\x1b[32m20%\x1b[0m").lines).toEqual(["20%"]);
});

test("HTML is text", () => {
  expect(settleConsole("<b>\x1b[35m&amp;").lines).toEqual(["<b>&amp;"]);
});

test("the last traceback tells why a run failed", () => {
  const lines = ["Traceback (most recent call last):", "old", "epoch 1", "Traceback (most recent call last):"];
  const all = [...lines, '  File "train.py", line 3', "ValueError: no data", "During cleanup", "", ""];
  expect(lastWords(all)).toEqual({
    from: 3,
    lines: ["Traceback (most recent call last):", '  File "train.py", line 3', "ValueError: no data", "During cleanup"],
    headline: "ValueError: no data",
  });
});

test("without a traceback, the last lines do", () => {
  const all = Array.from({ length: 100 }, (_, line) => `line ${line}`);
  expect(lastWords(all)).toMatchObject({ from: 88, headline: "line 99" });
  expect(lastWords([...all, "CUDA out of memory", "bye"])?.headline).toBe("CUDA out of memory");
  expect(lastWords(["", " "])).toBeUndefined();
});
