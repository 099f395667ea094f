import { expect, test } from "vitest";
import { signInFailure } from "./sign-in-failure";

test("an address without a failure is left as it is", () => {
  expect(signInFailure("?tab=files&path=a%2Fb&q=a+b")).toEqual({ rest: "?tab=files&path=a%2Fb&q=a+b" });
  expect(signInFailure("")).toEqual({ rest: "" });
});

test("a failure is told in words of our own and taken out of the address", () => {
  const { failure, rest } = signInFailure("?tab=files&sign-in-failed=group&request=0123456789abcdef");
  expect(failure?.message).toContain("none of the groups");
  expect(failure?.requestId).toBe("0123456789abcdef");
  expect(rest).toBe("?tab=files");
  expect(signInFailure("?sign-in-failed=name").rest).toBe("");
});

test("words of others are not shown", () => {
  for (const why of ["Call+this+number", "<b>", "constructor", "__proto__", ""]) {
    expect(signInFailure(`?sign-in-failed=${why}&request=0123456789abcdef`)).toEqual({ rest: "" });
  }
  expect(signInFailure("?sign-in-failed=name&request=Call+this").failure?.requestId).toBe("");
});
