import { expect, test } from "vitest";
import {
  auditCsv,
  auditLines,
  auditRequest,
  besidesOf,
  detailsOf,
  type Entry,
  NO_FILTER,
  parseAudit,
  resourceHref,
} from "./audit";

const ENTRY: Entry = {
  number: 7,
  time: 0,
  request_id: "r1",
  actor: "=cmd()",
  credential: "password",
  address: "127.0.0.1",
  action: "deleteRun",
  resource: "run x",
  outcome: "done",
  detail: '{"run_id":"x"}',
  digest: "d",
};

test("an address is a filter, and times that are none are told", () => {
  expect(parseAudit("?actor=ada&since=2026-11-03T14:22")).toEqual({
    state: { ...NO_FILTER, actor: "ada", since: "2026-11-03T14:22" },
    ignored: [],
  });
  expect(parseAudit("?since=yesterday&until=2026-13-01T00:00")).toEqual({
    state: NO_FILTER,
    ignored: ["since", "until"],
  });
});

test("what was refused is asked for by itself, and both minutes belong to the time", () => {
  const asked = auditRequest({
    ...NO_FILTER,
    outcome: "refused",
    since: "2026-11-03T14:22",
    until: "2026-11-03T14:22",
  });
  expect(asked.refused).toBe(true);
  expect(asked.outcome).toBe("");
  expect(asked.until! - asked.since!).toBe(59_999);
  expect(auditRequest({ ...NO_FILTER, outcome: "PERMISSION_DENIED" })).toMatchObject({
    outcome: "PERMISSION_DENIED",
    refused: false,
    since: null,
    until: null,
  });
});

test("details are told name by name, and cut ones as they are", () => {
  expect(detailsOf('{"name":"a","ids":["1"],"protected":true}')).toEqual([
    ["name", "a"],
    ["ids", '["1"]'],
    ["protected", "true"],
  ]);
  expect(detailsOf('{"name":"a')).toEqual([["", '{"name":"a']]);
  expect(detailsOf("{}")).toEqual([]);
});

test("a file of entries holds no formula", () => {
  const [header, row] = auditCsv([ENTRY]).split("\r\n");
  expect(header).toContain("number,time,actor");
  expect(row).toContain("7,1970-01-01T00:00:00.000Z,'=cmd(),password");
  expect(JSON.parse(auditLines([ENTRY, ENTRY]).split("\n")[1]!)).toEqual(ENTRY);
});

test("resources lead to their pages", () => {
  expect(resourceHref("experiment 3")).toBe("/experiments/3");
  expect(resourceHref("registered_model a b/c")).toBe("/models/a%20b%2Fc");
  expect(resourceHref("user ada")).toBe("/admin/users/ada");
  expect(resourceHref("experiment by its name")).toBeUndefined();
  expect(resourceHref("token abc")).toBeUndefined();
  expect(resourceHref("")).toBeUndefined();
});

test("a row tells what was asked for beside its resource", () => {
  const detail = '{"username":"ada","resource_type":"experiment","resource_id":"1","permission":"READ","role":null}';
  expect(besidesOf({ detail, resource: "experiment 1" })).toBe("username: ada · permission: READ");
  expect(besidesOf({ detail: "{}", resource: "" })).toBe("");
  expect(besidesOf({ detail: '{"name":"cut', resource: "" })).toBe('{"name":"cut');
});
