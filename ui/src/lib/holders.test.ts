import { describe, expect, it } from "vitest";
import { placeOf, reasonsOf } from "./holders";

const own = { resource_type: "experiment", resource_pattern: "7", role_id: 1, username: "ada", permission: "EDIT" };
const team = { resource_type: "experiment", resource_pattern: "*", role_id: 2, role_name: "team", permission: "READ" };
const all = { resource_type: "workspace", resource_pattern: "*", role_id: 3, username: "ben", permission: "MANAGE" };

describe("who may do what", () => {
  it("is told with where each grant counts", () => {
    expect([own, team, all].map(placeOf)).toEqual(["", "all experiments", "everything"]);
    const missing = { ...team, resource_pattern: "7", permission: "DENY" };
    expect(reasonsOf({ is_admin: false, role_ids: [1, 2] }, [own, team, missing])).toEqual([
      "granted here: EDIT",
      "group team on all experiments: READ",
      "group team: DENY",
    ]);
  });

  it("is told of administrators first", () => {
    expect(reasonsOf({ is_admin: true, role_ids: [3] }, [own, all])).toEqual([
      "administrator",
      "granted on everything: MANAGE",
    ]);
    expect(reasonsOf({ is_admin: true, role_ids: [] }, [own, all])).toEqual(["administrator"]);
  });
});
