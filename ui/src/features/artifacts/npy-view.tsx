import { useMemo } from "react";
import { type NpyHead, readNpy } from "../../lib/binaries";
import { formatCount } from "../../lib/format";
import type { Table } from "../../lib/grid";
import BinaryView from "./binary-view";
import { damageOr } from "./damage";
import { type OpenFile, PartNote, Range } from "./file";
import { Grid } from "./grid";

const BYTES = 200_000;
const MOST_VALUES = 20_000;
const MOST_COLUMNS = 1000;

/** A NumPy array: type, shape, and its first values by rows. */
export default function NpyView({ file }: { file: OpenFile }) {
  return (
    <Range file={file} end={BYTES}>
      {(bytes) => <Head file={file} bytes={bytes} />}
    </Range>
  );
}

function Head({ file, bytes }: { file: OpenFile; bytes: Uint8Array }) {
  const head = useMemo(() => damageOr(() => readNpy(bytes, MOST_VALUES)), [bytes]);
  if ("problem" in head) return <BinaryView file={file} />;
  const total = head.shape.reduce((product, side) => product * side, 1);
  const shape = head.shape.length > 0 ? `shape ${head.shape.join(" × ")}` : "a single value";
  return (
    <>
      <PartNote file={file} shown={bytes.length}>
        <span>
          Array of {head.type}, {shape}
          {head.fortran && ", in column order"}, {formatCount(total)} values.
        </span>
      </PartNote>
      {head.values ? <Values head={head} total={total} /> : <BinaryView file={file} />}
    </>
  );
}

function Values({ head, total }: { head: NpyHead; total: number }) {
  const table = useMemo(() => tableOf(head), [head]);
  const count = head.values?.length ?? 0;
  const note = count < total ? `First ${formatCount(count)} values,` : undefined;
  return <Grid table={table} note={note} />;
}

/** The last axis goes across, the others down; in column order the first axis goes down as it lies in the file. */
function tableOf({ shape, values = [], fortran }: NpyHead): Table {
  const across = shape.length > 1 && !fortran ? Math.min(shape.at(-1) ?? 1, MOST_COLUMNS) : 1;
  const stride = shape.length > 1 && !fortran ? Math.max(1, shape.at(-1) ?? 1) : 1;
  const names = across === 1 ? ["value"] : Array.from({ length: across }, (_, index) => String(index));
  const rows: unknown[][] = [];
  for (let at = 0; at < values.length; at += stride) rows.push(values.slice(at, at + across));
  return { names, rows };
}
