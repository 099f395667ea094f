import { expect, test } from "vitest";
import { byGate, ruleInWords, withoutNoise } from "./gates";

test.each([
  ["signature", "Has a signature"],
  ["evaluation", "Was evaluated: a metric was measured on a dataset"],
  ["approved by ada", "Approved by ada"],
  ["approved by ada, bob,eve", "Approved by ada, bob and eve"],
  ["metrics.val_auc >= 0.9", "val_auc is at least 0.9"],
  ["metrics.`val loss` < 1e-3", "val loss is below 1e-3"],
  ["metrics.val/auc >= @champion", "val/auc is no lower than that of @champion, on the same data"],
  ["metrics.loss<=@champion + 0.05", "loss is at most 0.05 higher than that of @champion, on the same data"],
  ["tags.reviewed = 'yes'", "Tag reviewed is 'yes'"],
  ["tags.stage in ('a', 'b')", "Tag stage is one of 'a', 'b'"],
  ["tags.ticket IS NOT NULL", "Tag ticket is there"],
  ["tags.blocked is null", "Tag blocked is not there"],
  ["something new", "something new"],
])("%s", (rule, words) => {
  expect(ruleInWords(rule)).toBe(words);
});

test("rules by gate, in order", () => {
  const rule = (guards: string, line: number) => ({ guards, line });
  expect(byGate([rule("@b", 1), rule("Production", 2), rule("@b", 3)])).toEqual([
    { guards: "@b", rules: [rule("@b", 1), rule("@b", 3)] },
    { guards: "Production", rules: [rule("Production", 2)] },
  ]);
});

test("numbers lose the noise of binary fractions, and nothing else", () => {
  expect(withoutNoise(">= 0.8500000000000001 on 1f0, 0.84999999")).toBe(">= 0.85 on 1f0, 0.84999999");
  expect(withoutNoise("0.8499999999 and 1.00000000000004e-07")).toBe("0.8499999999 and 1e-7");
});
