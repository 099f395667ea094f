import { useMemo, useState } from "react";
import { Icon } from "../../components/icons";
import { formatCount } from "../../lib/format";
import { TextView } from "./text-view";

const MOST_CHILDREN = 100;
const OPEN_DEPTH = 2;
const MOST_OPEN = 30;
const LONGEST_TEXT = 500;

/** A JSON document as a tree that unfolds; text that is no JSON is shown as it is. */
export function JsonView({ text }: { text: string }) {
  const parsed = useMemo(() => parse(text), [text]);
  if ("problem" in parsed) {
    return (
      <>
        <p className="preview-note" role="status">
          This is not valid JSON ({parsed.problem}), so it is shown as text.
        </p>
        <TextView text={text} />
      </>
    );
  }
  return (
    <div className="json-view mono" tabIndex={0} role="region" aria-label="Content of the file">
      <Node value={parsed.value} depth={0} />
    </div>
  );
}

function parse(text: string): { value: unknown } | { problem: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: error.message };
    throw error;
  }
}

interface NodeProps {
  name?: string;
  value: unknown;
  depth: number;
}

function Node({ name, value, depth }: NodeProps) {
  if (typeof value !== "object" || value === null) {
    return (
      <div className="json-leaf">
        <Name name={name} />
        <Leaf value={value} />
      </div>
    );
  }
  return <Branch name={name} value={value} depth={depth} />;
}

function Branch({ name, value, depth }: { name: string | undefined; value: object; depth: number }) {
  const entries = useMemo(() => Object.entries(value), [value]);
  const [open, setOpen] = useState(depth === 0 || (depth < OPEN_DEPTH && entries.length <= MOST_OPEN));
  const [limit, setLimit] = useState(MOST_CHILDREN);
  const list = Array.isArray(value);
  const summary = list ? `[${formatCount(entries.length)}]` : `{${formatCount(entries.length)}}`;
  return (
    <div>
      <button type="button" className="json-branch" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={open ? "down" : "right"} />
        <Name name={name} />
        <span className="muted">{summary}</span>
      </button>
      {open && (
        <div className="json-children">
          {entries.slice(0, limit).map(([key, child]) => (
            <Node key={key} name={key} value={child} depth={depth + 1} />
          ))}
          {entries.length > limit && (
            <button type="button" className="link-button" onClick={() => setLimit(limit + MOST_CHILDREN)}>
              {formatCount(entries.length - limit)} more
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function Name({ name }: { name: string | undefined }) {
  return name === undefined ? null : <span className="json-name">{name}: </span>;
}

function Leaf({ value }: { value: unknown }) {
  const [whole, setWhole] = useState(false);
  if (typeof value !== "string") return <span className="json-plain">{String(value)}</span>;
  if (whole || value.length <= LONGEST_TEXT) return <span className="json-text">{JSON.stringify(value)}</span>;
  return (
    <>
      <span className="json-text">{JSON.stringify(value.slice(0, LONGEST_TEXT))}… </span>
      <button type="button" className="link-button" onClick={() => setWhole(true)}>
        all {formatCount(value.length)} characters
      </button>
    </>
  );
}
