import type { FileMetaData, LogicalType, SchemaElement, SchemaTree } from "hyparquet";

/*
 * The reader of Parquet files gives times in milliseconds and decimals as floating point. So it is shown a schema that
 * does not tell what such columns mean, and what it then gives as it stands in the file is read here, every digit of it.
 */

const READ_HERE = new Set(["DECIMAL", "DATE", "TIME", "TIMESTAMP", "INTERVAL", "JSON", "BSON", "ENUM"]);
const CONVERTED: Record<string, LogicalType> = {
  UTF8: { type: "STRING" },
  TIME_MILLIS: { type: "TIME", isAdjustedToUTC: true, unit: "MILLIS" },
  TIME_MICROS: { type: "TIME", isAdjustedToUTC: true, unit: "MICROS" },
  TIMESTAMP_MILLIS: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
  TIMESTAMP_MICROS: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
};

/** What a column means, told in the newer or only in the older way. */
function meaningOf({ logical_type: logical, converted_type: converted, precision, scale }: SchemaElement) {
  if (logical) return logical;
  if (converted === undefined) return undefined;
  if (converted === "DECIMAL") return { type: "DECIMAL", precision: precision ?? 0, scale: scale ?? 0 } as const;
  const [, sign, bits] = /^(U?)INT_(\d+)$/.exec(converted) ?? [];
  if (bits) return { type: "INTEGER", bitWidth: Number(bits), isSigned: sign === "" } as const;
  return CONVERTED[converted] ?? ({ type: converted } as LogicalType);
}

/** The same file, its columns without the meanings that `readable` gives them. */
export function withoutMeanings(metadata: FileMetaData, root: SchemaTree): FileMetaData {
  const plain = new Map<SchemaElement, SchemaElement>();
  const visit = (node: SchemaTree) => {
    const { element, children } = node;
    const { logical_type: _, converted_type: __, ...bare } = element;
    const kind = meaningOf(element)?.type ?? "";
    if (children.length === 0 && READ_HERE.has(kind)) plain.set(element, bare);
    if (kind === "LIST" || kind === "MAP") plain.set(element, { ...element, converted_type: kind });
    // The keys of a map become names before they could be read.
    for (const child of kind === "MAP" ? (children[0]?.children.slice(1) ?? []) : children) visit(child);
  };
  visit(root);
  return { ...metadata, schema: metadata.schema.map((element) => plain.get(element) ?? element) };
}

/** A value of a column, of which nested ones have others in them, as a table shows it. */
export function readable(node: SchemaTree, value: unknown): unknown {
  if (node.element.repetition_type === "REPEATED" && Array.isArray(value)) return value.map((one) => single(node, one));
  return single(node, value);
}

function single(node: SchemaTree, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  const { element, children } = node;
  if (children.length === 0) return leaf(element, value);
  const kind = meaningOf(element)?.type;
  if (kind === "VARIANT") return value;
  if (kind === "LIST" && Array.isArray(value)) {
    const item = itemOf(node);
    return item ? value.map((one) => single(item, one)) : value;
  }
  const entries = Object.entries(value as Record<string, unknown>);
  if (kind === "MAP") {
    const inner = children[0]?.children[1];
    return Object.fromEntries(inner ? entries.map(([key, one]) => [key, readable(inner, one)]) : entries);
  }
  const nodes = new Map(children.map((child) => [child.element.name, child]));
  return Object.fromEntries(
    entries.map(([name, one]) => [name, nodes.has(name) ? readable(nodes.get(name)!, one) : one]),
  );
}

function itemOf({ children: [repeated] }: SchemaTree): SchemaTree | undefined {
  return repeated?.children.length === 1 ? repeated.children[0] : repeated;
}

function leaf(element: SchemaElement, value: unknown): unknown {
  const meaning = meaningOf(element);
  if (meaning?.type === "DECIMAL") return decimalText(integerOf(value), meaning.scale);
  if (meaning?.type === "DATE") return dayText(BigInt(value as number));
  if (meaning?.type === "TIME") return timeText(nanosecondsOf(value, meaning.unit));
  if (meaning?.type === "TIMESTAMP") {
    return momentText(nanosecondsOf(value, meaning.unit)) + (meaning.isAdjustedToUTC ? "Z" : "");
  }
  if (!(value instanceof Uint8Array)) return value;
  if (meaning?.type === "INTERVAL" && value.length === 12) return intervalText(value);
  return element.type === "BYTE_ARRAY" && meaning?.type !== "BSON" ? (textOf(value) ?? value) : value;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });
// biome-ignore lint/suspicious/noControlCharactersInRegex: what has them is no text
const CONTROL = /[\0-\x08\x0e-\x1f]/;

/** Bytes that some writers do not call a text, though they are one. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = UTF8.decode(bytes);
    return CONTROL.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** A whole number in any of the forms it is kept in; bytes hold it signed, the greatest first. */
function integerOf(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value as bigint | number);
  let number = 0n;
  for (const byte of value) number = number * 256n + BigInt(byte);
  return BigInt.asIntN(8 * value.length, number);
}

export function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const sign = unscaled < 0n ? "-" : "";
  return scale > 0 ? `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}` : sign + digits;
}

const PER_UNIT = { MILLIS: 1_000_000n, MICROS: 1000n, NANOS: 1n };
const DAY = 86_400_000_000_000n;

function nanosecondsOf(value: unknown, unit: keyof typeof PER_UNIT): bigint {
  return BigInt(value as bigint | number) * PER_UNIT[unit];
}

/** A moment in nanoseconds since 1970, with as many digits of a second as it has. */
export function momentText(nanoseconds: bigint): string {
  const ofDay = ((nanoseconds % DAY) + DAY) % DAY;
  return `${dayText((nanoseconds - ofDay) / DAY)} ${timeText(ofDay)}`;
}

function dayText(days: bigint): string {
  const date = new Date(Number(days) * 86_400_000);
  return Number.isNaN(date.getTime()) ? `day ${days}` : date.toISOString().replace(/T.*/, "");
}

function timeText(nanoseconds: bigint): string {
  const seconds = nanoseconds / 1_000_000_000n;
  const part = (number: bigint) => String(number).padStart(2, "0");
  const rest = String(nanoseconds % 1_000_000_000n).padStart(9, "0");
  const fraction = rest.endsWith("000000000") ? "" : `.${rest.replace(/(?:000){1,2}$/, "")}`;
  return `${part(seconds / 3600n)}:${part((seconds / 60n) % 60n)}:${part(seconds % 60n)}${fraction}`;
}

function intervalText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [months, days, milliseconds] = [0, 4, 8].map((at) => view.getUint32(at, true));
  return `${months} months ${days} days ${milliseconds} ms`;
}

const UNITS = { MILLIS: "ms", MICROS: "\u00b5s", NANOS: "ns" };

/** The type of a column in a few words. */
export function typeName(node: SchemaTree): string {
  const { element, children } = node;
  const meaning = meaningOf(element);
  if (children.length > 0) {
    const item = meaning?.type === "LIST" ? itemOf(node) : undefined;
    if (item) return `list of ${typeName(item)}`;
    return meaning?.type === "MAP" ? "map" : (meaning?.type.toLowerCase() ?? "struct");
  }
  const name = plainName(element, meaning);
  return element.repetition_type === "REPEATED" ? `list of ${name}` : name;
}

function plainName({ type = "BOOLEAN" }: SchemaElement, meaning: LogicalType | undefined): string {
  if (meaning?.type === "DECIMAL") return `decimal(${meaning.precision}, ${meaning.scale})`;
  if (meaning?.type === "INTEGER") return `${meaning.isSigned ? "int" : "uint"}${meaning.bitWidth}`;
  if (meaning?.type === "TIME" || meaning?.type === "TIMESTAMP") {
    return `${meaning.type.toLowerCase()}, ${UNITS[meaning.unit]}${meaning.isAdjustedToUTC ? ", UTC" : ""}`;
  }
  if (meaning) return meaning.type.toLowerCase();
  if (type === "INT96") return "timestamp, ns";
  return type.endsWith("BYTE_ARRAY") ? "binary" : type.toLowerCase();
}
