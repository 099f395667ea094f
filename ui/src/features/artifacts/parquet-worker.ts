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
  const metadata = await parquetMetadataAsync(file);
  const children = parquetSchema(metadata).children;
  const columns = children.map(({ element, children: inner }) => ({
    name: element.name,
    type:
      inner.length > 0
        ? "group"
        : (element.logical_type?.type ?? element.converted_type ?? element.type ?? "").toLowerCase(),
    codec: codecOf(metadata, element.name),
  }));
  const facts = {
    totalRows: Number(metadata.num_rows),
    groups: metadata.row_groups.length,
    columns,
    createdBy: metadata.created_by ?? "",
  };
  const rowEnd = Math.min(rows, facts.totalRows);
  const attempt = async (chosen: typeof columns): Promise<Table> => {
    const names = chosen.map(({ name }) => name);
    const records = await parquetReadObjects({
      file,
      metadata: shortened(metadata),
      columns: names,
      rowStart: 0,
      rowEnd,
    });
    const cells = records.map((record) => names.map((name) => record[name] as unknown));
    return { names, rows: cells, types: chosen.map(({ type }) => type) };
  };
  const wanted = affordable(metadata, columns);
  const leftOut = columns.length - wanted.length;
  try {
    return { ...facts, table: await attempt(wanted), problem: undefined, leftOut };
  } catch (error) {
    // Pages of lists and groups are read to the end of what is there, which may be in the middle of one.
    const flat = wanted.filter(({ type }) => type !== "group");
    const problem = error instanceof Error ? error.message : String(error);
    if (flat.length === 0 || flat.length === wanted.length) return { ...facts, table: EMPTY, problem, leftOut };
    return { ...facts, table: await attempt(flat), problem: undefined, leftOut: columns.length - flat.length };
  }
});

const EMPTY: Table = { names: [], rows: [] };

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
