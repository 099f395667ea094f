import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { call } from "../../api/client";
import { tell, tellError } from "../../components/toast";
import type { Cell } from "../../lib/cells";
import { COLOR_TAG, formatColor } from "../../lib/colors";
import { RUN_NAME, STAGE } from "../../lib/columns";
import { plural } from "../../lib/format";
import { cellAt, type Frame, patch, without } from "../../lib/frame";
import type { Loaded } from "./use-run-table";

export const NOTE = "tags.mlflow.note.content";
const AT_ONCE = 1000;

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
    const attempt = async (cells: Cells, send: () => Promise<unknown>): Promise<boolean> => {
      const before = cellsOf(frame, cells);
      show((one) => patch(one, cells));
      try {
        await send();
        return true;
      } catch (error) {
        show((one) => patch(one, before));
        tellError(error as Error);
        return false;
      }
    };
    const setTags = (runIds: string[], key: string, value: string | null) => {
      const cells: Cells = new Map(runIds.map((id) => [id, { [`tags.${key}`]: value }]));
      return attempt(cells, () => sendTag(runIds, key, value));
    };
    const stage = async (runIds: string[], to: "active" | "deleted") => {
      try {
        await inParts(runIds, (run_ids) => call("changeRuns", { run_ids, lifecycle_stage: to }));
        return true;
      } catch (error) {
        tellError(error as Error);
        return false;
      } finally {
        await reread();
      }
    };
    const restore = async (runIds: string[]) => {
      if (await stage(runIds, "active")) tell(`Restored ${plural(runIds.length, "run")}.`);
    };
    return {
      rename: (runId, name) =>
        attempt(new Map([[runId, { [RUN_NAME]: name }]]), () => call("updateRun", { run_id: runId, run_name: name })),
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
        if (await stage(runIds, "deleted")) {
          tell(`Deleted ${plural(runIds.length, "run")}.`, { action: { label: "Undo", run: undo } });
        }
      },
      restore,
      move: async (runIds, from, to) => {
        const send = (experiment_id: string) =>
          inParts(runIds, (run_ids) => call("changeRuns", { run_ids, experiment_id })).finally(reread);
        const undo = () => void send(from).catch(tellError);
        try {
          await send(to.id);
        } catch (error) {
          tellError(error as Error);
          return false;
        }
        tell(`Moved ${plural(runIds.length, "run")} to ${to.name}.`, { action: { label: "Undo", run: undo } });
        return true;
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

async function inParts(runIds: string[], act: (part: string[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < runIds.length; start += AT_ONCE) await act(runIds.slice(start, start + AT_ONCE));
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
