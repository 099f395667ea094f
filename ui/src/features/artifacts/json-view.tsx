import { useMemo, useState } from "react";
import { tableOfJson } from "../../lib/grid";
import { type OpenFile, PartNote, Range } from "./file";
import { Grid } from "./grid";
import { OutlineView } from "./outline-view";
import TextView, { ColouredText } from "./text-view";

const MOST_BYTES = 8_000_000;

/** A JSON document as a tree, or as a table where it is one; what is no JSON is shown as text. */
export default function JsonView({ file }: { file: OpenFile }) {
  if (file.facts.size > MOST_BYTES) {
    return (
      <>
        <PartNote file={file} shown={file.facts.size}>
          <span>Trees are shown of files up to 8 MB; this is its text.</span>
        </PartNote>
        <TextView file={file} />
      </>
    );
  }
  return (
    <Range file={file} end={MOST_BYTES}>
      {(bytes) => <Parsed file={file} text={new TextDecoder().decode(bytes)} />}
    </Range>
  );
}

function Parsed({ file, text }: { file: OpenFile; text: string }) {
  const parsed = useMemo(() => parse(text), [text]);
  const table = useMemo(() => ("value" in parsed ? tableOfJson(parsed.value) : undefined), [parsed]);
  const [asTree, setAsTree] = useState(false);
  if ("problem" in parsed) {
    return (
      <>
        <PartNote file={file} shown={file.facts.size}>
          <span>This is not valid JSON ({parsed.problem}), so it is shown as text.</span>
        </PartNote>
        <ColouredText path="text" text={text} />
      </>
    );
  }
  if (!table) return <OutlineView value={parsed.value} />;
  return (
    <>
      <PartNote file={file} shown={file.facts.size}>
        <span>This JSON is a table.</span>
        <button type="button" className="link-button" onClick={() => setAsTree(!asTree)}>
          {asTree ? "Show it as a table" : "Show it as a tree"}
        </button>
      </PartNote>
      {asTree ? <OutlineView value={parsed.value} /> : <Grid table={table} />}
    </>
  );
}

function parse(text: string): { value: unknown } | { problem: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return { problem: error.message.slice(0, 200) };
    throw error;
  }
}
