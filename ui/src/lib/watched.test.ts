import { expect, test, vi } from "vitest";
import { watched } from "./watched";

test("watchers hear of every other value, until they leave", () => {
  const shared = watched(1);
  const watcher = vi.fn();
  const leave = shared.watch(watcher);
  shared.set(1);
  expect(watcher).not.toHaveBeenCalled();
  shared.set(2);
  expect([watcher.mock.calls.length, shared.get()]).toEqual([1, 2]);
  leave();
  shared.set(3);
  expect(watcher).toHaveBeenCalledOnce();
});
