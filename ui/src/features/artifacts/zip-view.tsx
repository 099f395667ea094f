import { useMemo } from "react";
import { readZipEntries, type ZipPlan, zipPlan } from "../../lib/binaries";
import { formatBytes, plural } from "../../lib/format";
import BinaryView from "./binary-view";
import { damageOr } from "./damage";
import { type OpenFile, PartNote, Range } from "./file";
import { Grid } from "./grid";

const TAIL = 66_000;
const MOST_LIST = 4_000_000;

/** What a ZIP archive holds, from its list of files; nothing is unpacked. */
export default function ZipView({ file }: { file: OpenFile }) {
  const { size } = file.facts;
  return (
    <Range file={file} start={Math.max(0, size - TAIL)} end={size}>
      {(tail) => {
        const plan = damageOr(() => zipPlan(tail, size));
        if ("problem" in plan) return <BinaryView file={file} />;
        return (
          <Range file={file} start={plan.start} end={Math.min(plan.end, plan.start + MOST_LIST)}>
            {(bytes) => <Entries file={file} plan={plan} bytes={bytes} />}
          </Range>
        );
      }}
    </Range>
  );
}

function Entries({ file, plan, bytes }: { file: OpenFile; plan: ZipPlan; bytes: Uint8Array }) {
  const entries = useMemo(() => readZipEntries(bytes), [bytes]);
  const table = useMemo(
    () => ({ names: ["file", "bytes", "packed"], rows: entries.map(({ name, size, packed }) => [name, size, packed]) }),
    [entries],
  );
  const unpacked = entries.reduce((sum, { size }) => sum + size, 0);
  const partly = entries.length < plan.entries;
  return (
    <>
      <PartNote file={file} shown={file.facts.size}>
        <span>
          {partly && "First "}
          {plural(entries.length, "file")}
          {partly ? ` of ${plan.entries}` : ""}, {formatBytes(unpacked)} unpacked.
        </span>
      </PartNote>
      <Grid table={table} />
    </>
  );
}
