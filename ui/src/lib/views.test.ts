import { expect, test } from "vitest";
import { isSameAddress, shownBy, standingOf, type ViewLike } from "./views";

const BEST: ViewLike = { name: "Best", address: { q: "metrics.a > 1", sort: "-metrics.a" } };
const FIRST: ViewLike = { name: "First", address: { cols: "params.lr" }, is_default: true };
const PLAIN: ViewLike = { name: "Plain", address: {} };
const VIEWS = [BEST, FIRST, PLAIN];
const AS_BEST = "q=metrics.a+%3E+1&sort=-metrics.a";

test("an address shows what it holds, whatever the order and what is of the moment", () => {
  expect(shownBy("?q=a&saved=Best&peek=r1&sort=&cols=x")).toEqual({ q: "a", cols: "x" });
  expect(isSameAddress({ a: "1", b: "" }, { a: "1" })).toBe(true);
  expect(isSameAddress({ a: "1" }, { a: "1", b: "2" })).toBe(false);
});

test("the default view is opened where the address says nothing", () => {
  expect(standingOf(VIEWS, "").opening).toBe(FIRST);
  expect(standingOf(VIEWS, "?q=a").opening).toBeUndefined();
  expect(standingOf(VIEWS, "?saved=-").opening).toBeUndefined();
  expect(standingOf([BEST], "").opening).toBeUndefined();
});

test("a view that is only named is opened", () => {
  expect(standingOf(VIEWS, "?saved=Best").opening).toBe(BEST);
  expect(standingOf(VIEWS, "?saved=Best&peek=r").changed).toBe(false);
  expect(standingOf(VIEWS, "?saved=Plain")).toMatchObject({ current: PLAIN, changed: false, opening: undefined });
});

test("a view that was left is told as changed", () => {
  expect(standingOf(VIEWS, `?saved=Best&${AS_BEST}`)).toMatchObject({ current: BEST, changed: false });
  expect(standingOf(VIEWS, `?saved=Best&${AS_BEST}&cols=metrics.a`)).toMatchObject({ current: BEST, changed: true });
});

test("an address that shows what a view shows is that view's", () => {
  expect(standingOf(VIEWS, `?${AS_BEST}`).current).toBe(BEST);
  expect(standingOf(VIEWS, "?q=else").current).toBeUndefined();
});

test("a view that is gone is missed, and nothing else is opened", () => {
  expect(standingOf(VIEWS, "?saved=Gone")).toMatchObject({ current: undefined, missing: "Gone", opening: undefined });
});
