import { describe, expect, it } from "vitest";
import { includes, levelsOn } from "./levels";

describe("levels", () => {
  it("include those below them, and DENY none", () => {
    expect(["READ", "USE", "EDIT", "MANAGE"].map((held) => includes(held, "EDIT"))).toEqual([false, false, true, true]);
    expect(["EDIT", "MANAGE"].map((held) => includes(held, "MANAGE"))).toEqual([false, true]);
    expect(["DENY", "NO_PERMISSIONS", "a level to come"].map((held) => includes(held, "EDIT"))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("do not hold back anything where no level is told", () => {
    expect([undefined, ""].map((held) => includes(held, "MANAGE"))).toEqual([true, true]);
  });

  it("are told with what they allow, USE of everything being none", () => {
    expect(levelsOn("experiment").map((one) => one.level)).toEqual(["READ", "USE", "EDIT", "MANAGE", "DENY"]);
    expect(levelsOn("workspace").map((one) => one.level)).toEqual(["READ", "EDIT", "MANAGE", "DENY"]);
  });
});
