import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { call } from "../../api/client";
import { useWrite } from "../../api/queries";
import { useMay } from "../../components/access";
import { Ago } from "../../components/ago";
import { Dialog } from "../../components/dialog";
import { Icon } from "../../components/icons";
import { Markdown } from "../../components/markdown";
import { Empty, Failure, FormFailure, SkeletonRows } from "../../components/states";
import { attempt, tell } from "../../components/toast";

const NOTE_TAG = "mlflow.note.content";
const MOST_ROWS = 24;

/** What people wrote about a run, in Markdown: read, edited beside how it will look, and as it was before. */
export function NoteCard({ runId, note }: { runId: string; note: string }) {
  const [draft, setDraft] = useState<string>();
  const [history, setHistory] = useState(false);
  const write = useWrite("setTag", ["run", "table", "note-history"]);
  const save = (text: string) =>
    write.mutateAsync({ run_id: runId, key: NOTE_TAG, value: text }).then(() => setDraft(undefined));
  const restore = async (text: string) => {
    await save(text);
    setHistory(false);
    const undo = () => void attempt("The note was not put back", () => save(note));
    tell("The note is as it was.", { action: { label: "Undo", run: undo } });
  };
  return (
    <>
      {draft === undefined ? (
        <Shown note={note} onEdit={() => setDraft(note)} onHistory={() => setHistory(true)} />
      ) : (
        <NoteForm draft={draft} onDraft={setDraft} onSave={save} onStop={() => setDraft(undefined)} />
      )}
      {history && <History runId={runId} onRestore={restore} onClose={() => setHistory(false)} />}
    </>
  );
}

function Shown({ note, onEdit, onHistory }: { note: string; onEdit: () => void; onHistory: () => void }) {
  const mayEdit = useMay("EDIT");
  if (note.trim() === "") {
    return !mayEdit ? null : (
      <div>
        <button type="button" className="link-button note-add" onClick={onEdit}>
          <Icon name="plus" /> Write a note
        </button>
      </div>
    );
  }
  return (
    <section className="card overview-note" aria-label="Note">
      <div className="note-text" dir="auto">
        <Markdown text={note} />
      </div>
      <div className="note-acts">
        {mayEdit && (
          <button type="button" className="button quiet icon-only" aria-label="Edit the note" onClick={onEdit}>
            <Icon name="pencil" />
          </button>
        )}
        <button
          type="button"
          className="button quiet icon-only"
          aria-label="What the note said before"
          title="What the note said before"
          onClick={onHistory}
        >
          <Icon name="history" />
        </button>
      </div>
    </section>
  );
}

interface FormProps {
  draft: string;
  onDraft: (draft: string) => void;
  onSave: (text: string) => Promise<void>;
  onStop: () => void;
}

function NoteForm({ draft, onDraft, onSave, onStop }: FormProps) {
  const [error, setError] = useState<Error>();
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSave(draft).catch(setError);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "Escape") onStop();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
  };
  return (
    <form className="card note-form" onSubmit={send}>
      <div className="note-sides">
        <textarea
          className="field mono"
          aria-label="Note, in Markdown"
          dir="auto"
          rows={Math.min(MOST_ROWS, Math.max(8, draft.split("\n").length + 1))}
          value={draft}
          ref={focusOnce}
          onChange={(event) => onDraft(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <section className="note-preview" aria-label="Preview" dir="auto">
          {draft.trim() === "" ? <p className="muted">How it will look</p> : <Markdown text={draft} />}
        </section>
      </div>
      {error && <FormFailure error={error} />}
      <footer>
        <span className="muted">Markdown. Ctrl Enter saves, Esc cancels.</span>
        <span className="spring" />
        <button type="button" className="button" onClick={onStop}>
          Cancel
        </button>
        <button type="submit" className="button primary">
          Save
        </button>
      </footer>
    </form>
  );
}

interface HistoryProps {
  runId: string;
  onRestore: (text: string) => Promise<void>;
  onClose: () => void;
}

function History({ runId, onRestore, onClose }: HistoryProps) {
  const mayEdit = useMay("EDIT");
  const { data, error, refetch } = useQuery({
    queryKey: ["note-history", runId],
    staleTime: 0,
    queryFn: async ({ signal }) => (await call("getNoteHistory", { run_id: runId }, signal)).changes ?? [],
  });
  return (
    <Dialog title="What the note said" onClose={onClose}>
      {error && <Failure small title="The history could not be read" error={error} retry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={4} />}
      {data?.length === 0 && <Empty small title="It was never changed" icon="history" />}
      <ol className="note-history">
        {data?.map(({ changed_at: at, note = "" }, place) => (
          <li key={at}>
            <div className="note-when">
              <Ago time={at} />
              {place === 0 && <span className="muted">as it is now</span>}
              {place > 0 && mayEdit && (
                <button
                  type="button"
                  className="link-button"
                  onClick={() => void attempt("The note was not restored", () => onRestore(note))}
                >
                  Restore
                </button>
              )}
            </div>
            <pre dir="auto">{note || "(empty)"}</pre>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}

function focusOnce(area: HTMLTextAreaElement | null): void {
  if (area && !area.dataset.seen) {
    area.dataset.seen = "true";
    area.focus();
  }
}
