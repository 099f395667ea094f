import { useMemo } from "react";
import { readSafetensors, type SafetensorsHead, safetensorsHeadSize } from "../../lib/binaries";
import { formatBytes, plural } from "../../lib/format";
import BinaryView from "./binary-view";
import { damageOr } from "./damage";
import { type OpenFile, PartNote, Range, TooLarge } from "./file";
import { Grid } from "./grid";

const MOST_HEAD = 16_000_000;
const METADATA_SHOWN = 8;

/** What a safetensors file holds, from its head: no tensor is read. */
export default function SafetensorsView({ file }: { file: OpenFile }) {
  return (
    <Range file={file} end={8}>
      {(bytes) => {
        const size = damageOr(() => ({ head: safetensorsHeadSize(bytes) }));
        if ("problem" in size || size.head > file.facts.size) return <BinaryView file={file} />;
        if (size.head > MOST_HEAD) return <TooLarge file={file} most={MOST_HEAD} />;
        return (
          <Range file={file} end={size.head}>
            {(head) => <Tensors file={file} bytes={head} />}
          </Range>
        );
      }}
    </Range>
  );
}

function Tensors({ file, bytes }: { file: OpenFile; bytes: Uint8Array }) {
  const head = useMemo(() => damageOr(() => readSafetensors(bytes)), [bytes]);
  if ("problem" in head) return <BinaryView file={file} />;
  return <TensorTable file={file} head={head} />;
}

function TensorTable({ file, head: { tensors, metadata } }: { file: OpenFile; head: SafetensorsHead }) {
  const table = useMemo(
    () => ({
      names: ["tensor", "type", "shape", "values", "bytes"],
      rows: tensors.map(({ name, type, shape, bytes }) => [name, type, shape.join(" × "), product(shape), bytes]),
    }),
    [tensors],
  );
  const values = tensors.reduce((sum, { shape }) => sum + product(shape), 0);
  const bytes = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  const about = Object.entries(metadata)
    .slice(0, METADATA_SHOWN)
    .map(([key, value]) => `${key}: ${value.slice(0, 80)}`);
  return (
    <>
      <PartNote file={file} shown={file.facts.size}>
        <span>
          {plural(tensors.length, "tensor")}, {plural(values, "value")}, {formatBytes(bytes)}.
        </span>
        {about.length > 0 && <span>{about.join(", ")}</span>}
      </PartNote>
      <Grid table={table} />
    </>
  );
}

function product(shape: number[]): number {
  return shape.reduce((sum, side) => sum * side, 1);
}
