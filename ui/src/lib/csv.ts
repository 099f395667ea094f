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

/** The rows of a text, one at a time; blank lines are left out, and a row without line end unless `whole`. */
function* readRows(text: string, { separator, whole }: Options): Generator<string[]> {
  const field = FIELDS[separator];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  let row: string[] = [];
  while (at < text.length) {
    field.lastIndex = at;
    const [all = "", quoted, rest = "", plain = "", end] = field.exec(text) ?? [];
    at = Math.max(at + 1, at + all.length);
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"') + rest);
    if (end === separator && at < text.length) continue;
    if (end === separator) row.push("");
    const complete = whole || (end !== "" && end !== separator);
    if (complete && (row.length > 1 || row[0] !== "")) yield row;
    row = [];
  }
}

/** The table in a text of comma- or tab-separated values, quotes and line ends inside quotes understood. */
export function parseCsv(text: string, options: Options): Csv {
  const rows: string[][] = [];
  for (const row of readRows(text, options)) {
    rows.push(row);
    if (rows.length > options.limit + 1) break;
  }
  const [header = [], ...body] = rows;
  return { header, rows: body.slice(0, options.limit), cut: body.length > options.limit || !options.whole };
}
