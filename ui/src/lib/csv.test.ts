import { expect, test } from "vitest";
import { parseCsv, writeCsv } from "./csv";

const options = { separator: ",", limit: 10, whole: true } as const;

test("quotes hold separators, line ends and doubled quotes", () => {
  expect(parseCsv('a,b\r\n"1,5","x ""y""\nz"\n', options)).toEqual({
    header: ["a", "b"],
    rows: [["1,5", 'x "y"\nz']],
    cut: false,
  });
});

test("empty fields, also the last one, are kept; blank lines are not", () => {
  expect(parseCsv("a,b,c\n,,\n\n1,,", options).rows).toEqual([
    ["", "", ""],
    ["1", "", ""],
  ]);
});

test("a row that was cut off at the end of the text is dropped", () => {
  expect(parseCsv("a,b\n1,2\n3,4", { ...options, whole: false })).toEqual({
    header: ["a", "b"],
    rows: [["1", "2"]],
    cut: true,
  });
});

test("rows past the limit are left out, and that is told", () => {
  const text = `n\n${Array.from({ length: 30 }, (_, index) => index).join("\n")}`;
  const { rows, cut } = parseCsv(text, options);
  expect(rows).toHaveLength(10);
  expect(cut).toBe(true);
});

test("tabs separate, a byte-order mark is no content, an open quote ends with the text", () => {
  expect(parseCsv("\ufeffa\tb\n1,0\t2", { ...options, separator: "\t" })).toEqual({
    header: ["a", "b"],
    rows: [["1,0", "2"]],
    cut: false,
  });
  expect(parseCsv('a\n"open', options).rows).toEqual([['"open']]);
  expect(parseCsv("", options)).toEqual({ header: [], rows: [], cut: false });
});

test("what a spreadsheet would run as a formula is kept as text, and numbers stay numbers", () => {
  const text = writeCsv(
    ["name", "=a"],
    [
      ["=1+1", -0.5],
      ["@x", "-1e-5"],
      ['say "hi"', null],
      ["-5 apples", "+x"],
    ],
  );
  expect(text).toBe('\ufeffname,\'=a\r\n\'=1+1,-0.5\r\n\'@x,-1e-5\r\n"say ""hi""",\r\n\'-5 apples,\'+x\r\n');
  expect(parseCsv(text, { separator: ",", limit: 9, whole: true }).rows[2]).toEqual(['say "hi"', ""]);
});
