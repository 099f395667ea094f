import { type FormEvent, type KeyboardEvent, useCallback, useState } from "react";
import { useWrite } from "../../api/queries";
import { May } from "../../components/access";
import { Icon } from "../../components/icons";
import { attempt } from "../../components/toast";

/** The name of a run, changed in its place. */
export function RunName({ runId, name }: { runId: string; name: string }) {
  const [text, setText] = useState<string>();
  const rename = useWrite("updateRun", ["run", "table", "columns"]);
  const stop = () => setText(undefined);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const next = text?.trim();
    stop();
    if (!next || next === name) return;
    void attempt("The run was not renamed", () => rename.mutateAsync({ run_id: runId, run_name: next }));
  };
  if (text === undefined) {
    return (
      <>
        <Heading name={name} />
        <May level="EDIT">
          <button
            type="button"
            className="button quiet icon-only"
            aria-label="Rename the run"
            onClick={() => setText(name)}
          >
            <Icon name="pencil" />
          </button>
        </May>
      </>
    );
  }
  return (
    <form className="rename" onSubmit={send}>
      <input
        className="field"
        aria-label="Name of the run"
        maxLength={500}
        dir="auto"
        value={text}
        ref={focusOnce}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event: KeyboardEvent) => event.key === "Escape" && stop()}
      />
      <button type="submit" className="button primary">
        Rename
      </button>
      <button type="button" className="button" onClick={stop}>
        Cancel
      </button>
    </form>
  );
}

/** The name in at most three lines; the rest of it is asked for. */
function Heading({ name }: { name: string }) {
  const [whole, setWhole] = useState(false);
  const [cut, setCut] = useState(false);
  const watch = useCallback((heading: HTMLElement | null) => {
    if (!heading) return undefined;
    const observer = new ResizeObserver(() => {
      if (heading.dataset.whole === "false") setCut(heading.scrollHeight > heading.clientHeight + 1);
    });
    observer.observe(heading);
    return () => observer.disconnect();
  }, []);
  return (
    <>
      <h1 ref={watch} className="run-name" data-whole={whole} title={name}>
        <bdi>{name}</bdi>
      </h1>
      {cut && (
        <button type="button" className="link-button" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? "less" : "more"}
          <span className="visually-hidden"> of the name</span>
        </button>
      )}
    </>
  );
}

function focusOnce(input: HTMLInputElement | null): void {
  if (input && document.activeElement !== input) input.focus();
}
