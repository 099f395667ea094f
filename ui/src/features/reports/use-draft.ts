import { useEffect, useRef, useState } from "react";
import type { ApiError } from "../../api/client";
import type { Report } from "../../api/generated";
import { useReportWrite } from "../../api/reports";
import { formatFrozen, parseFrozen } from "../../lib/report";

const PAUSE = 900;

export type Saving = "saved" | "waiting" | "saving" | "conflict" | "failed";

/** A report while it is written: saved when nothing was typed for a moment, and never over the work of others. */
export function useDraft(report: Report) {
  const [text, setText] = useState(report.text ?? "");
  const [title, setTitle] = useState(report.title);
  const [saving, setSaving] = useState<Saving>("saved");
  const [problem, setProblem] = useState<string>();
  const revision = useRef(report.revision ?? 1);
  const kept = useRef({ text: report.text ?? "", title: report.title });
  const update = useReportWrite("updateReport");
  const latest = useRef({ text, title });
  latest.current = { text, title };
  const busy = useRef(false);
  const save = async (over = false): Promise<void> => {
    const now = latest.current;
    if (busy.current || now.title.trim() === "") return;
    busy.current = true;
    setSaving("saving");
    try {
      const { report: stored } = await update.mutateAsync({
        report_id: report.report_id,
        title: now.title.trim(),
        text: now.text,
        frozen: formatFrozen(parseFrozen(report.frozen ?? ""), now.text),
        ...(over ? {} : { expected_revision: revision.current }),
      });
      revision.current = stored.revision ?? revision.current + 1;
      kept.current = now;
      setProblem(undefined);
      setSaving(isSame(latest.current, now) ? "saved" : "waiting");
    } catch (error) {
      setProblem((error as Error).message);
      setSaving((error as ApiError).status === 409 ? "conflict" : "failed");
    } finally {
      busy.current = false;
    }
  };
  const saveLater = useRef(save);
  saveLater.current = save;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each letter typed begins the pause anew
  useEffect(() => {
    if (saving === "conflict" || isSame({ text, title }, kept.current)) return undefined;
    if (saving === "saved") setSaving("waiting");
    const timer = setTimeout(() => void saveLater.current(), PAUSE);
    return () => clearTimeout(timer);
  }, [text, title, saving === "conflict", saving === "waiting"]);
  useLeaving(() => !isSame(latest.current, kept.current));
  /** Take what others have written, and lose what is here. */
  const take = (theirs: Report) => {
    revision.current = theirs.revision ?? 1;
    kept.current = { text: theirs.text ?? "", title: theirs.title };
    setText(kept.current.text);
    setTitle(kept.current.title);
    setProblem(undefined);
    setSaving("saved");
  };
  return { text, setText, title, setTitle, saving, problem, save, take };
}

function isSame(left: { text: string; title: string }, right: { text: string; title: string }): boolean {
  return left.text === right.text && left.title === right.title;
}

/** Ask before the window is closed over what is not saved. */
function useLeaving(unsaved: () => boolean): void {
  const latest = useRef(unsaved);
  latest.current = unsaved;
  useEffect(() => {
    const listen = (event: BeforeUnloadEvent) => {
      if (latest.current()) event.preventDefault();
    };
    addEventListener("beforeunload", listen);
    return () => removeEventListener("beforeunload", listen);
  }, []);
}
