/** An input example to be shown: the first rows of a table, or a text. */
export type Example = { columns: string[]; rows: string[][] } | { text: string };

const MOST_ROWS = 5;
const LONGEST = 2000;

/** What an input example's JSON says: tables are kept as `{"columns": [...], "data": [[...]]}`. Undefined for none. */
export function exampleOf(json: string): Example | undefined {
  if (json.trim() === "") return undefined;
  const value = parsed(json);
  if (typeof value === "object" && value !== null && "columns" in value && "data" in value) {
    const { columns, data } = value;
    if (Array.isArray(columns) && Array.isArray(data) && data.every((row) => Array.isArray(row))) {
      return { columns: columns.map(shown), rows: data.slice(0, MOST_ROWS).map((row: unknown[]) => row.map(shown)) };
    }
  }
  const text = typeof value === "string" && value === json ? json : JSON.stringify(value, null, 2);
  return { text: text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return json;
    throw error;
  }
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
