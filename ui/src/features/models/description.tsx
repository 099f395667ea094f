import { type FormEvent, useState } from "react";
import { useMay } from "../../components/access";
import { Icon } from "../../components/icons";
import { Markdown } from "../../components/markdown";
import { FormFailure } from "../../components/states";

interface Props {
  text: string;
  /** What is described, for the label: "model", "version". */
  what: string;
  onSave: (text: string) => Promise<unknown>;
}

/** A description in Markdown, edited in its place. */
export function Description({ text, what, onSave }: Props) {
  const [draft, setDraft] = useState<string>();
  const [error, setError] = useState<Error>();
  const stop = () => {
    setDraft(undefined);
    setError(undefined);
  };
  const send = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await onSave(draft ?? "");
      stop();
    } catch (failure) {
      if (!(failure instanceof Error)) throw failure;
      setError(failure);
    }
  };
  if (draft === undefined) return <Shown text={text} what={what} onEdit={() => setDraft(text)} />;
  return (
    <form className="card description-form" onSubmit={(event) => void send(event)}>
      <textarea
        className="field mono"
        aria-label={`Description of the ${what}, in Markdown`}
        rows={Math.min(18, Math.max(6, draft.split("\n").length + 1))}
        value={draft}
        ref={focusOnce}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") stop();
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
        }}
      />
      {error && <FormFailure error={error} />}
      <footer>
        <span className="muted">Markdown. Ctrl Enter saves, Esc cancels.</span>
        <span className="spring" />
        <button type="button" className="button" onClick={stop}>
          Cancel
        </button>
        <button type="submit" className="button primary">
          Save
        </button>
      </footer>
    </form>
  );
}

function Shown({ text, what, onEdit }: { text: string; what: string; onEdit: () => void }) {
  const mayEdit = useMay("EDIT");
  if (text.trim() === "") {
    return !mayEdit ? null : (
      <button type="button" className="link-button description-add" onClick={onEdit}>
        <Icon name="plus" /> Describe this {what}
      </button>
    );
  }
  return (
    <section className="card description" aria-label="Description">
      <Markdown text={text} />
      {mayEdit && (
        <button type="button" className="button quiet icon-only" aria-label="Edit the description" onClick={onEdit}>
          <Icon name="pencil" />
        </button>
      )}
    </section>
  );
}

function focusOnce(area: HTMLTextAreaElement | null): void {
  if (area && document.activeElement !== area) area.focus();
}
