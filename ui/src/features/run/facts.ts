import type { Run } from "../../api/generated";

/** The tags of a run by key. */
export function tagsOf(run: Run): ReadonlyMap<string, string> {
  return new Map(run.data.tags?.map(({ key, value = "" }) => [key, value]));
}
