import { expect, test } from "vitest";
import { eventsOf, hostOf } from "./webhooks";

test("events are named as they are asked for; those of new models say nothing of this one", () => {
  const events = [
    { entity: "REGISTERED_MODEL", action: "CREATED" },
    { entity: "MODEL_VERSION_ALIAS", action: "CREATED" },
  ];
  expect(eventsOf({ events })).toEqual(["model_version_alias.created"]);
});

test("of an address only the host is told", () => {
  expect(hostOf("https://ada:pw@hooks.example:8443/services/T0/secret?key=1")).toBe("hooks.example:8443");
  expect(hostOf("nonsense")).toBe("");
});
