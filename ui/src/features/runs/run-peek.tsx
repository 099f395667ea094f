import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { useFolder } from "../../api/files";
import { Icon } from "../../components/icons";
import { Swatch } from "../../components/swatch";
import { Value } from "../../components/value";
import { isMissing } from "../../lib/cells";
import { COLOR_TAG, type Hue, ownHue, parseColor } from "../../lib/colors";
import {
  type ColumnKind,
  columnsOf,
  DURATION,
  keyOf,
  labelOf,
  nameAt,
  readableTags,
  START_TIME,
  STATUS,
} from "../../lib/columns";
import { contentsOf } from "../../lib/files";
import { formatCount } from "../../lib/format";
import { cellAt, type Frame, textAt } from "../../lib/frame";
import { CellContent } from "./run-cell";
import { type Edits, NOTE } from "./use-edits";
import "../../styles/peek.css";
import { useMay } from "../../components/access";

interface Props {
  frame: Frame;
  runId: string;
  hue: Hue | undefined;
  /** Whether the name is to be written in at once. */
  editing: boolean;
  edits: Edits;
  onClose: () => void;
}

const MOST_LISTED = 200;

/** The facts of one run beside the table; name, note and tags can be changed. */
export default function RunPeek({ frame, runId, hue, editing, edits, onClose }: Props) {
  const row = frame.runIds.indexOf(runId);
  const name = nameAt(frame, row);
  const chosen = parseColor(cellAt(frame, `tags.${COLOR_TAG}`, row));
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onClose();
  };
  return (
    <aside className="peek" aria-label={`Facts of ${name}`} onKeyDown={keys}>
      <header>
        <Swatch hue={chosen === undefined ? (hue ?? ownHue(runId)) : ownHue(runId, chosen)} />
        <NameField key={`${runId} ${name}`} name={name} focus={editing} onName={(next) => edits.rename(runId, next)} />
        <button type="button" className="button quiet icon-only" aria-label="Close" title="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {row === -1 ? (
        <p className="muted">The run is not among those that match.</p>
      ) : (
        <div className="peek-body" tabIndex={0} role="group" aria-label="Facts">
          <dl className="peek-facts">
            {[STATUS, START_TIME, DURATION].map((column) => (
              <div key={column}>
                <dt className="muted">{labelOf(column)}</dt>
                <dd>
                  <CellContent frame={frame} row={row} column={column} />
                </dd>
              </div>
            ))}
            <FileCount runId={runId} />
          </dl>
          <NoteField
            key={`note ${runId}`}
            note={textAt(frame, NOTE, row)}
            onNote={(note) => edits.tag([runId], keyOf(NOTE), note || null)}
          />
          <Tags frame={frame} row={row} runId={runId} edits={edits} />
          <Pairs frame={frame} row={row} kind="metrics" title="Metrics" />
          <Pairs frame={frame} row={row} kind="params" title="Params" />
          <Link className="button" href={`/runs/${runId}`}>
            Open the run
          </Link>
        </div>
      )}
    </aside>
  );
}

interface NameProps {
  name: string;
  focus: boolean;
  onName: (name: string) => Promise<boolean>;
}

function NameField({ name, focus, onName }: NameProps) {
  const [text, setText] = useState(name);
  const mayEdit = useMay("EDIT");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!focus) return;
    field.current?.focus();
    field.current?.select();
  }, [focus]);
  const send = async () => {
    const next = text.trim();
    if (next === "" || next === name) setText(name);
    else if (!(await onName(next))) setText(name);
  };
  return (
    <form
      className="peek-name"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        field.current?.blur();
      }}
    >
      <input
        ref={field}
        className="field"
        aria-label="Name of the run"
        maxLength={250}
        readOnly={!mayEdit}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => void send()}
      />
    </form>
  );
}

function NoteField({ note, onNote }: { note: string; onNote: (note: string) => Promise<boolean> }) {
  const [text, setText] = useState(note);
  const [known, setKnown] = useState(note);
  const mayEdit = useMay("EDIT");
  if (note !== known) {
    setKnown(note);
    setText(note);
  }
  const send = () => text !== note && void onNote(text);
  return (
    <label className="peek-note">
      <span className="muted">Note</span>
      <textarea
        className="field"
        rows={Math.min(8, Math.max(2, text.split("\n").length))}
        placeholder={mayEdit ? "What was tried, and why. Markdown." : ""}
        readOnly={!mayEdit}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={send}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
        }}
      />
    </label>
  );
}

function Tags({ frame, row, runId, edits }: { frame: Frame; row: number; runId: string; edits: Edits }) {
  const [text, setText] = useState("");
  const mayEdit = useMay("EDIT");
  const tags = readableTags(frame).filter((column) => !isMissing(cellAt(frame, column, row)));
  const add = (event: FormEvent) => {
    event.preventDefault();
    const [, key = "", value = ""] = /^\s*([^=:]+?)\s*(?:[=:]\s*(.*))?$/s.exec(text) ?? [];
    if (!key) return;
    setText("");
    void edits.tag([runId], key, value.trim());
  };
  return (
    <section className="peek-tags" aria-label="Tags">
      <h3>Tags</h3>
      <ul>
        {tags.map((column) => (
          <li key={column} className="chip tag-chip" title={`${keyOf(column)}: ${cellAt(frame, column, row)}`}>
            <span className="truncate">
              <span className="muted">{keyOf(column)}</span> {cellAt(frame, column, row)}
            </span>
            {mayEdit && (
              <button
                type="button"
                aria-label={`Remove the tag ${keyOf(column)}`}
                onClick={() => void edits.tag([runId], keyOf(column), null)}
              >
                <Icon name="close" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {mayEdit && (
        <form onSubmit={add}>
          <input
            className="field"
            aria-label="Add a tag"
            placeholder="Add a tag: key = value"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </form>
      )}
    </section>
  );
}

function Pairs({ frame, row, kind, title }: { frame: Frame; row: number; kind: ColumnKind; title: string }) {
  const columns = columnsOf(frame, kind).filter((column) => !isMissing(cellAt(frame, column, row)));
  if (columns.length === 0) return null;
  return (
    <section className="peek-pairs" aria-label={title}>
      <h3>
        {title} <span className="muted">{formatCount(columns.length)}</span>
      </h3>
      <dl>
        {columns.slice(0, MOST_LISTED).map((column) => (
          <div key={column}>
            <dt className="truncate muted" title={keyOf(column)}>
              {keyOf(column)}
            </dt>
            <dd className="truncate">
              <Value cell={cellAt(frame, column, row)} />
            </dd>
          </div>
        ))}
      </dl>
      {columns.length > MOST_LISTED && (
        <p className="muted">{formatCount(columns.length - MOST_LISTED)} more in the run.</p>
      )}
    </section>
  );
}

/** How many files the run has at its top level. */
function FileCount({ runId }: { runId: string }) {
  const { data } = useFolder({ kind: "run", id: runId }, "");
  return (
    <div>
      <dt className="muted">Files</dt>
      <dd>
        {data ? <Link href={`/runs/${runId}?tab=files`}>{contentsOf({ ...data, bytes: null }) || "none"}</Link> : "…"}
      </dd>
    </div>
  );
}
