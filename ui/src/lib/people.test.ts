import { expect, test } from "vitest";
import { namesWith, userPath } from "./people";

test("names that begin with the text come first", () => {
  const names = ["Canada", "ada", "ben", "ADAM"];
  expect(namesWith(names, "ada", (name) => name)).toEqual(["ada", "ADAM", "Canada"]);
  expect(namesWith(names, " ", (name) => name)).toEqual(names);
});

test("every name is one part of an address", () => {
  expect(userPath("a/b?c#d %")).toBe("/admin/users/a%2Fb%3Fc%23d%20%25");
});
