import { expect, test } from "vitest";
import { type Found, foundHref, markedParts, matchingActions, pageKind, parseVisited, withVisited } from "./palette";

function found(kind: string, id: string, version = ""): Found {
  return { kind, id, label: id, experiment_id: "7", experiment_name: "e", status: "", time: 0, version, match: "" };
}

test.each([
  [found("run", "abc"), "/runs/abc"],
  [found("experiment", "7"), "/experiments/7"],
  [found("model", "a/b"), "/models/a%2Fb"],
  [found("version", "fraud", "3"), "/models/fraud/versions/3"],
  [found("report", "r1"), "/reports/r1"],
  [found("view", "Best & last"), "/experiments/7?saved=Best+%26+last"],
  [found("metric", "val,acc"), "/experiments/7?sort=-metrics.val%5C,acc"],
  [found("param", "lr"), "/experiments/7?sort=params.lr"],
  [found("later", "x"), "/"],
])("what was found leads to its page: %o", (item, href) => {
  expect(foundHref(item)).toBe(href);
});

test("actions are found by how their words begin", () => {
  const actions = [{ label: "Go to models", words: "registry" }, { label: "Dark theme" }];
  expect(matchingActions(actions, "mod go")).toEqual([actions[0]]);
  expect(matchingActions(actions, "REG")).toEqual([actions[0]]);
  expect(matchingActions(actions, "odels")).toEqual([]);
  expect(matchingActions(actions, " ")).toEqual(actions);
});

test("what was looked for is marked, in order", () => {
  const told = (label: string, text: string) =>
    markedParts(label, text)
      .map((part) => (part.marked ? `[${part.text}]` : part.text))
      .join("");
  expect(told("Bright-owl-2", "OWL")).toBe("Bright-[owl]-2");
  expect(told("a b a", "a a")).toBe("[a] b [a]");
  expect(told("owl", "fox")).toBe("owl");
  expect(told("İstanbul", "tan")).toBe("İstanbul");
  expect(told("", "x")).toBe("");
});

test("pages are remembered once, the last first", () => {
  let visited = withVisited([], { href: "/runs/a", label: "A" });
  visited = withVisited(visited, { href: "/experiments/1", label: "E" });
  visited = withVisited(visited, { href: "/runs/a", label: "A2" });
  visited = withVisited(visited, { href: "/", label: "Experiments" });
  expect(visited).toEqual([
    { href: "/runs/a", label: "A2" },
    { href: "/experiments/1", label: "E" },
  ]);
  for (let number = 0; number < 30; number += 1)
    visited = withVisited(visited, { href: `/runs/${number}`, label: "x" });
  expect(visited).toHaveLength(12);
});

test("what is kept is read with care", () => {
  expect(parseVisited(null)).toEqual([]);
  expect(parseVisited("{")).toEqual([]);
  expect(parseVisited("{}")).toEqual([]);
  expect(parseVisited('[1, null, {"href": "https://x.org", "label": "x"}, {"href": "/runs/a", "label": "A"}]')).toEqual(
    [{ href: "/runs/a", label: "A" }],
  );
  expect(pageKind("/models/a/versions/2")).toBe("Version");
  expect(pageKind("/runs/a")).toBe("Run");
  expect(pageKind("/")).toBe("Page");
});
