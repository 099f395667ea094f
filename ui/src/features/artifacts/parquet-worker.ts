import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from "hyparquet";
import { fetchRange } from "../../api/artifacts";
import { answerWith } from "../../components/worker";
import type { Table } from "../../lib/grid";
import { momentText, readable, typeName, withoutMeanings } from "../../lib/parquet-values";
import { codecsOf } from "./parquet-codecs";

export interface ParquetQuestion {
  url: string;
  size: number;
  etag: string;
  rows: number;
}

export interface ParquetAnswer {
  table: Table;
  /** Why the rows could not be read. */
  problem: string | undefined;
  totalRows: number;
  /** How many columns are not in the table. */
  leftOut: number;
  groups: number;
  columns: Array<{ name: string; type: string; codec: string }>;
  createdBy: string;
}

const MOST_COLUMNS = 200;
/** Of a column in a row group: a dictionary and the first pages, whatever the size of the group. */
const MOST_OF_COLUMN = 4_000_000n;
const MOST_PLANNED = 24_000_000;
const MOST_READ = 64_000_000;

answerWith(async ({ url, size, etag, rows }: ParquetQuestion): Promise<ParquetAnswer> => {
  let read = 0;
  const file: AsyncBuffer = {
    byteLength: size,
    slice: async (start, end = size) => {
      read += end - start;
      if (read > MOST_READ) throw new Error("The first rows are spread over too much of the file.");
      const bytes = await fetchRange(url, { start, end, etag });
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    },
  };
  const metadata = await footerOf(file);
  const schema = parquetSchema(metadata);
  const nodes = new Map(schema.children.map((node) => [node.element.name, node]));
  const columns = schema.children.map((node) => {
    const { name } = node.element;
    return { name, type: typeName(node), codec: codecOf(metadata, name) };
  });
  const facts = {
    totalRows: Number(metadata.num_rows),
    groups: metadata.row_groups.length,
    columns,
    createdBy: metadata.created_by ?? "",
  };
  const rowEnd = Math.min(rows, facts.totalRows);
  const compressors = await codecsOf(metadata);
  const plain = shortened(withoutMeanings(metadata, schema));
  const attempt = async (chosen: typeof columns): Promise<Table> => {
    const names = chosen.map(({ name }) => name);
    const records = await parquetReadObjects({
      file,
      metadata: plain,
      columns: names,
      rowStart: 0,
      rowEnd,
      compressors,
      utf8: false,
      parsers: { timestampFromNanoseconds: momentText as unknown as (nanoseconds: bigint) => Date },
    });
    const cells = records.map((record) => names.map((name) => readable(nodes.get(name)!, record[name])));
    return { names, rows: cells, types: chosen.map(({ type }) => type) };
  };
  const wanted = affordable(metadata, columns);
  const leftOut = (shown: number) => columns.length - shown;
  try {
    return { ...facts, table: await attempt(wanted), problem: undefined, leftOut: leftOut(wanted.length) };
  } catch (error) {
    // One column may spoil it: a codec nobody knows, or pages of lists that are read to an end that was cut off.
    const tables = await Promise.all(wanted.map((column) => attempt([column]).catch(() => undefined)));
    const table = beside(tables.filter((one) => one !== undefined));
    const problem = error instanceof Error ? error.message : String(error);
    if (table.names.length === 0) return { ...facts, table, problem, leftOut: leftOut(0) };
    return { ...facts, table, problem: undefined, leftOut: leftOut(table.names.length) };
  }
});

/** Tables of the same rows as one. */
function beside(tables: Table[]): Table {
  const count = Math.max(0, ...tables.map(({ rows }) => rows.length));
  return {
    names: tables.flatMap(({ names }) => names),
    types: tables.flatMap(({ types }) => types ?? []),
    rows: Array.from({ length: count }, (_, row) => tables.flatMap(({ rows }) => rows[row] ?? [null])),
  };
}

/** The footer of the file, or words for its reader on why there is none. */
async function footerOf(file: AsyncBuffer): Promise<FileMetaData> {
  if (file.byteLength < 12) throw new Error("It is too short to be one.");
  try {
    return await parquetMetadataAsync(file);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new Error(`It does not end as such files do, and may be only a part of one: ${detail}.`, { cause: error });
  }
}

/** As many of the first columns as can be read without reading much of the file. */
function affordable<Column extends { name: string }>(
  { row_groups: groups }: FileMetaData,
  columns: Column[],
): Column[] {
  let bytes = 0;
  return columns.slice(0, MOST_COLUMNS).filter(({ name }) => {
    for (const { meta_data: data } of groups[0]?.columns ?? []) {
      if (data?.path_in_schema[0] === name)
        bytes += Math.min(Number(data.total_compressed_size), Number(MOST_OF_COLUMN));
    }
    return bytes <= MOST_PLANNED;
  });
}

function codecOf({ row_groups: groups }: FileMetaData, name: string): string {
  return groups[0]?.columns.find((column) => column.meta_data?.path_in_schema[0] === name)?.meta_data?.codec ?? "";
}

/** The same file, as if its columns ended early: the first rows are in the first pages. */
function shortened(metadata: FileMetaData): FileMetaData {
  const groups = metadata.row_groups.map((group) => ({
    ...group,
    columns: group.columns.map((column) => {
      const data = column.meta_data;
      if (!data || data.total_compressed_size <= MOST_OF_COLUMN) return column;
      return { ...column, meta_data: { ...data, total_compressed_size: MOST_OF_COLUMN } };
    }),
  }));
  return { ...metadata, row_groups: groups };
}
