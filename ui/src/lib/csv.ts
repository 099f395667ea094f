import { type Cell, toNumber } from "./cells";

export interface Csv {
  header: string[];
  rows: string[][];
  /** Whether rows after the limit, or a row cut off at the end of the text, were left out. */
  cut: boolean;
}

interface Options {
  separator: "," | "\t";
  /** The most rows to read, the header not counted. */
  limit: number;
  /** Whether the text is the complete file; a last row without line end is otherwise dropped. */
  whole: boolean;
}

// A field: quoted (a quote inside is doubled) with whatever follows its end, or plain; then what ended it.
const FIELDS = {
  ",": /(?:"((?:[^"]|"")*)"([^,\r\n]*)|([^,\r\n]*))(,|\r\n|\n|\r|$)/y,
  "\t": /(?:"((?:[^"]|"")*)"([^\t\r\n]*)|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/y,
};

/** The rows of a text, one at a time; the last one without line end only where the text is `whole`. */
function* readRows(text: string, { separator, whole }: Options): Generator<string[]> {
  const field = FIELDS[separator];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  let row: string[] = [];
  while (at < text.length || row.length > 0) {
    field.lastIndex = at;
    const [all = "", quoted, rest = "", plain = "", end = ""] = field.exec(text) ?? [];
    at += all.length;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"') + rest);
    if (end === separator) continue;
    if (end !== "" || whole) yield row;
    row = [];
    if (end === "") return;
  }
}

/** The table in a text of comma- or tab-separated values, quotes and line ends inside quotes understood. */
export function parseCsv(text: string, options: Options): Csv {
  const rows: string[][] = [];
  for (const row of readRows(text, options)) {
    if (row.length > 1 || row[0] !== "") rows.push(row);
    if (rows.length > options.limit + 1) break;
  }
  const [header = [], ...body] = rows;
  return { header, rows: body.slice(0, options.limit), cut: body.length > options.limit || !options.whole };
}

const FORMULA = /^[=+\-@\t\r]/;
const SPECIAL = /[",\r\n]/;

/**
 * Rows as comma-separated values (RFC 4180), with a byte order mark, which spreadsheets need for other letters than
 * English ones. Texts that a spreadsheet would take for a formula begin with an apostrophe; numbers stay numbers.
 */
export function writeCsv(header: readonly string[], rows: Iterable<readonly Cell[]>): string {
  const lines = [header.map(field).join(",")];
  for (const row of rows) lines.push(row.map(field).join(","));
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

function field(cell: Cell): string {
  if (cell === null) return "";
  const text = String(cell);
  const safe = FORMULA.test(text) && toNumber(cell) === undefined ? `'${text}` : text;
  return SPECIAL.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
