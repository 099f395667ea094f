import { useMemo, useState } from "react";
import { Markdown } from "../../components/markdown";
import { SafeHtml } from "../../components/safe-html";
import { formatCount } from "../../lib/format";
import { type Notebook, type NotebookCell, type Output, readNotebook } from "../../lib/notebook";
import { type OpenFile, PartNote, Range, TooLarge } from "./file";
import TextView from "./text-view";

const MOST_BYTES = 16_000_000;
const CELLS = 50;
const MOST_OUTPUT = 20_000;
const MOST_HTML = 300_000;

/** A notebook: its cells with their outputs. Nothing in it runs: HTML is cleaned, scripts and widgets are left out. */
export default function NotebookView({ file }: { file: OpenFile }) {
  if (file.facts.size > MOST_BYTES) return <TooLarge file={file} most={MOST_BYTES} />;
  return (
    <Range file={file} end={MOST_BYTES}>
      {(bytes) => <Parsed file={file} bytes={bytes} />}
    </Range>
  );
}

function Parsed({ file, bytes }: { file: OpenFile; bytes: Uint8Array }) {
  const notebook = useMemo(() => parse(bytes), [bytes]);
  if (!notebook) {
    return (
      <>
        <PartNote file={file} shown={file.facts.size}>
          <span>This is not a notebook, so it is shown as text.</span>
        </PartNote>
        <TextView file={file} />
      </>
    );
  }
  return <Cells notebook={notebook} />;
}

function parse(bytes: Uint8Array): Notebook | undefined {
  try {
    return readNotebook(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function Cells({ notebook: { cells, language } }: { notebook: Notebook }) {
  const [limit, setLimit] = useState(CELLS);
  return (
    <div className="preview-scroll notebook" tabIndex={0} role="region" aria-label="Notebook">
      {cells.slice(0, limit).map((cell, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cells have no other name
        <Cell key={index} cell={cell} language={language} />
      ))}
      {cells.length > limit && (
        <button type="button" className="link-button" onClick={() => setLimit(limit + CELLS)}>
          {formatCount(cells.length - limit)} more cells
        </button>
      )}
    </div>
  );
}

function Cell({ cell, language }: { cell: NotebookCell; language: string }) {
  if (cell.kind === "markdown") {
    return (
      <div className="cell">
        <span className="cell-count" />
        <Markdown text={cell.source} />
      </div>
    );
  }
  return (
    <>
      <div className="cell">
        <span className="cell-count mono muted">{cell.kind === "code" ? `[${cell.count ?? " "}]` : ""}</span>
        <Code text={cell.source} label={cell.kind === "code" ? `Cell in ${language}` : "Raw cell"} />
      </div>
      {cell.outputs.map((output, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: outputs have no other name
        <div key={index} className="cell">
          <span className="cell-count" />
          <div className="cell-output">
            <CellOutput output={output} />
          </div>
        </div>
      ))}
    </>
  );
}

function CellOutput({ output }: { output: Output }) {
  if (output.kind === "image")
    return <img src={output.source} alt="Output of the cell" loading="lazy" decoding="async" />;
  if (output.kind === "markdown") return <Markdown text={output.text} />;
  if (output.kind === "html" && output.text.length <= MOST_HTML) return <SafeHtml html={output.text} />;
  return <Code text={output.text} label="Output" error={output.kind === "error"} />;
}

function Code({ text, label, error = false }: { text: string; label: string; error?: boolean }) {
  const [whole, setWhole] = useState(text.length <= MOST_OUTPUT);
  return (
    <div className={error ? "cell-code bad" : "cell-code"}>
      <pre tabIndex={0} role="region" aria-label={label}>
        {whole ? text : text.slice(0, MOST_OUTPUT)}
      </pre>
      {!whole && (
        <button type="button" className="link-button" onClick={() => setWhole(true)}>
          {formatCount(text.length - MOST_OUTPUT)} more characters
        </button>
      )}
    </div>
  );
}
