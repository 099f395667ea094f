import { expect, test } from "vitest";
import { generatePassword, passwordRules } from "./passwords";

const kept = (password: string, username = "ada") => passwordRules(password, username).map((rule) => rule.kept);

test("the rules are those of the server", () => {
  expect(kept("")).toEqual([false, false, false]);
  expect(kept("eleven char")).toEqual([false, true, true]);
  expect(kept("aaaaaaaaaaaaaaaa")).toEqual([true, false, true]);
  expect(kept("u-weak-u-weak", "u-weak")).toEqual([true, true, false]);
  expect(kept("ada and a few words")).toEqual([true, true, true]);
  expect(kept("ééééééabcdef", "")).toEqual([true, true, true]);
});

test("a generated password keeps them, and is another one each time", () => {
  const made = Array.from({ length: 50 }, generatePassword);
  expect(new Set(made).size).toBe(50);
  for (const password of made) {
    expect(password).toMatch(/^([a-z2-9]{4}-){4}[a-z2-9]{4}$/);
    expect(kept(password)).toEqual([true, true, true]);
  }
});
