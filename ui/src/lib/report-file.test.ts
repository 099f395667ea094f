import { expect, test } from "vitest";
import { fileName, reportFile } from "./report-file";

test("a file holds what it needs and asks for nothing", () => {
  const file = reportFile({ title: 'A <b> & "c"', told: "ada", body: ["<p>text</p>", "<svg></svg>"] });
  expect(file).toContain("<title>A &lt;b&gt; &amp; &quot;c&quot;</title>");
  expect(file).toContain("default-src 'none'");
  expect(file).not.toMatch(/<script|<link|src="http/);
  expect(file.indexOf("<p>text</p>")).toBeLessThan(file.indexOf("<svg>"));
});

test.each([
  ["Spring: 2026/11", "Spring-2026-11.html"],
  ["تقرير 🧪", "تقرير.html"],
  ["///", "report.html"],
])("the file of %j is called %s", (title, name) => {
  expect(fileName(title)).toBe(name);
});
