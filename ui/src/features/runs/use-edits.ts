import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { call, inParts } from "../../api/client";
import { attempt, tell } from "../../components/toast";
import type { Cell } from "../../lib/cells";
import { COLOR_TAG, formatColor } from "../../lib/colors";
import { RUN_NAME, STAGE } from "../../lib/columns";
import { plural } from "../../lib/format";
import { cellAt, type Frame, patch, without } from "../../lib/frame";
import type { Loaded } from "./use-run-table";

export const NOTE = "tags.mlflow.note.content";

/** What of runs is changed in the table, by run. */
type Cells = Map<string, Record<string, Cell>>;

export interface Edits {
  rename: (runId: string, name: string) => Promise<boolean>;
  /** Set a tag of runs; null takes it away. Says so, with a way back, where there are several. */
  tag: (runIds: string[], key: string, value: string | null) => Promise<boolean>;
  color: (runIds: string[], index: number | null) => Promise<boolean>;
  remove: (runIds: string[]) => Promise<void>;
  restore: (runIds: string[]) => Promise<void>;
  move: (runIds: string[], from: string, to: { id: string; name: string }) => Promise<boolean>;
}

/** Changes of runs: on screen at once, taken back with a word when the server refuses. */
export function useEdits(frame: Frame): Edits {
  const client = useQueryClient();
  return useMemo(() => {
    const held = () =>
      client
        .getQueriesData<Loaded>({ queryKey: ["table"] })
        .filter(([, data]) => data && "total" in data && "next" in data);
    const show = (change: (frame: Frame) => Frame) => {
      for (const [key] of held()) {
        client.setQueryData<Loaded>(key, (data) => data && { ...data, frame: change(data.frame) });
      }
    };
    const reread = () => client.invalidateQueries({ queryKey: ["table"] });
    const put = (cells: Cells, failed: string, send: () => Promise<unknown>): Promise<boolean> => {
      const before = cellsOf(frame, cells);
      return attempt(failed, async () => {
        show((one) => patch(one, cells));
        try {
          await send();
        } catch (error) {
          show((one) => patch(one, before));
          throw error;
        }
      });
    };
    const setTags = (runIds: string[], key: string, value: string | null) => {
      const cells: Cells = new Map(runIds.map((id) => [id, { [`tags.${key}`]: value }]));
      return put(cells, `The tag ${key} was not set`, () => sendTag(runIds, key, value));
    };
    const stage = (runIds: string[], to: "active" | "deleted") =>
      inParts(runIds, (run_ids) => call("changeRuns", { run_ids, lifecycle_stage: to })).finally(reread);
    const restore = async (runIds: string[]) => {
      const runs = plural(runIds.length, "run");
      await attempt(`${runs} could not be restored`, async () => {
        await stage(runIds, "active");
        tell(`Restored ${runs}.`);
      });
    };
    return {
      rename: (runId, name) =>
        put(new Map([[runId, { [RUN_NAME]: name }]]), "The run was not renamed", () =>
          call("updateRun", { run_id: runId, run_name: name }),
        ),
      tag: async (runIds, key, value) => {
        const before = tagsBefore(frame, runIds, key);
        if (!(await setTags(runIds, key, value))) return false;
        if (runIds.length > 1) {
          const undo = () => void Promise.all([...before].map(([old, ids]) => setTags(ids, key, old)));
          const done = value === null ? `Removed the tag ${key} of` : `Set the tag ${key} of`;
          // What runs had that are not held here is not known: there is no way back for them.
          const rows = new Set(frame.runIds);
          const action = runIds.every((id) => rows.has(id)) ? { label: "Undo", run: undo } : undefined;
          tell(`${done} ${plural(runIds.length, "run")}.`, { action });
        }
        return true;
      },
      color: (runIds, index) => setTags(runIds, COLOR_TAG, index === null ? null : formatColor(index)),
      remove: async (runIds) => {
        const gone = new Set(runIds);
        show((one) => (gone.size > 0 && !one.columns.get(STAGE)?.includes("deleted") ? without(one, gone) : one));
        const undo = () => void restore(runIds);
        const runs = plural(runIds.length, "run");
        await attempt(`${runs} could not be deleted`, async () => {
          await stage(runIds, "deleted");
          tell(`Deleted ${runs}.`, { action: { label: "Undo", run: undo } });
        });
      },
      restore,
      move: async (runIds, from, to) => {
        const send = (experiment_id: string) =>
          inParts(runIds, (run_ids) => call("changeRuns", { run_ids, experiment_id })).finally(reread);
        const runs = plural(runIds.length, "run");
        const undo = () => void attempt(`${runs} could not be moved back`, () => send(from));
        return attempt(`${runs} could not be moved to ${to.name}`, async () => {
          await send(to.id);
          tell(`Moved ${runs} to ${to.name}.`, { action: { label: "Undo", run: undo } });
        });
      },
    };
  }, [client, frame]);
}

function sendTag(runIds: string[], key: string, value: string | null): Promise<unknown> {
  const [first = ""] = runIds;
  if (runIds.length === 1 && value !== null) return call("setTag", { run_id: first, key, value });
  if (runIds.length === 1 && `tags.${key}` === NOTE) return call("deleteTag", { run_id: first, key });
  const change = value === null ? { delete_tags: [key] } : { set_tags: [{ key, value }] };
  return inParts(runIds, (run_ids) => call("changeRuns", { run_ids, ...change }));
}

/** What the cells that a change touches hold now. */
function cellsOf(frame: Frame, cells: Cells): Cells {
  const rows = new Map(frame.runIds.map((id, row) => [id, row]));
  return new Map(
    [...cells].map(([id, changed]) => {
      const row = rows.get(id) ?? -1;
      return [id, Object.fromEntries(Object.keys(changed).map((name) => [name, cellAt(frame, name, row)]))];
    }),
  );
}

/** Runs by the value that a tag of theirs has now. */
function tagsBefore(frame: Frame, runIds: string[], key: string): Map<string | null, string[]> {
  const cells = cellsOf(frame, new Map(runIds.map((id) => [id, { [`tags.${key}`]: null }])));
  const found = new Map<string | null, string[]>();
  for (const [id, before] of cells) {
    const cell = before[`tags.${key}`] ?? null;
    const value = cell === null ? null : String(cell);
    found.set(value, [...(found.get(value) ?? []), id]);
  }
  return found;
}
