/** One output of a cell, in the form that shows most of it and can do no harm. */
export type Output = { kind: "text" | "error" | "markdown" | "html"; text: string } | { kind: "image"; source: string };

export interface NotebookCell {
  kind: "code" | "markdown" | "raw";
  source: string;
  /** The number in the brackets before a code cell. */
  count: number | undefined;
  outputs: Output[];
}

export interface Notebook {
  language: string;
  cells: NotebookCell[];
}

type Values = Record<string, unknown>;

/** A notebook (nbformat 4, cells of 3 too), from its parsed JSON; undefined where that is none. */
export function readNotebook(value: unknown): Notebook | undefined {
  if (!isValues(value)) return undefined;
  const worksheets = Array.isArray(value.worksheets) ? (value.worksheets as unknown[]) : [value];
  const lists = worksheets.map((sheet) => (isValues(sheet) ? sheet.cells : undefined));
  if (!lists.every(Array.isArray)) return undefined;
  const metadata = isValues(value.metadata) ? value.metadata : {};
  const info = isValues(metadata.language_info) ? metadata.language_info : {};
  const cells = lists.flat().filter(isValues).map(cellOf);
  return { language: typeof info.name === "string" ? info.name : "python", cells };
}

function cellOf(cell: Values): NotebookCell {
  const kind = cell.cell_type === "code" ? "code" : cell.cell_type === "raw" ? "raw" : "markdown";
  const outputs = Array.isArray(cell.outputs) ? cell.outputs.filter(isValues) : [];
  const count = cell.execution_count ?? cell.prompt_number;
  return {
    kind,
    source: textOf(cell.source ?? cell.input),
    count: typeof count === "number" ? count : undefined,
    outputs: joinStreams(outputs.map(outputOf).filter((output) => output !== undefined)),
  };
}

const IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

function outputOf(output: Values): Output | undefined {
  if (output.output_type === "stream") return { kind: "text", text: stripAnsi(textOf(output.text)) };
  if (output.output_type === "error" || output.output_type === "pyerr") {
    const lines = Array.isArray(output.traceback) ? output.traceback.join("\n") : "";
    return { kind: "error", text: stripAnsi(lines || `${String(output.ename)}: ${String(output.evalue)}`) };
  }
  const data = isValues(output.data) ? output.data : {};
  const image = IMAGES.find((type) => typeof data[type] === "string" || Array.isArray(data[type]));
  if (image) return { kind: "image", source: `data:${image};base64,${textOf(data[image]).replace(/\s/g, "")}` };
  const svg = textOf(data["image/svg+xml"]);
  if (svg) return { kind: "image", source: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}` };
  if (data["text/markdown"]) return { kind: "markdown", text: textOf(data["text/markdown"]) };
  if (data["text/html"]) return { kind: "html", text: textOf(data["text/html"]) };
  const plain = textOf(data["text/plain"] ?? data["application/json"]);
  return plain ? { kind: "text", text: stripAnsi(plain) } : undefined;
}

/** What a program printed piece by piece is one text. */
function joinStreams(outputs: Output[]): Output[] {
  const joined: Output[] = [];
  for (const output of outputs) {
    const last = joined.at(-1);
    if (output.kind === "text" && last?.kind === "text")
      joined[joined.length - 1] = { kind: "text", text: last.text + output.text };
    else joined.push(output);
  }
  return joined;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join("");
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value, null, 2);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const ANSI = /\u001b\[[0-9;?]*[A-Za-z]|\u001b\][^\u0007]*\u0007/g;

/** A text without the colours that terminals are told; of a line written over and over, what stood last. */
export function stripAnsi(text: string): string {
  return text.replace(ANSI, "").replace(/[^\n]*\r(?=[^\n\r])/g, "");
}

function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
