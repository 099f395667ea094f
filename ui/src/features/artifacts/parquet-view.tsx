import { useQuery } from "@tanstack/react-query";
import { Failure } from "../../components/states";
import { askWorker } from "../../components/worker";
import { formatCount, plural } from "../../lib/format";
import { type OpenFile, Waiting } from "./file";
import { Grid } from "./grid";
import type { ParquetAnswer, ParquetQuestion } from "./parquet-worker";

const ROWS = 1000;
const MOST_MILLISECONDS = 15_000;

/** The first rows of a Parquet file of any size, or its schema. */
export default function ParquetView({ file, mode }: { file: OpenFile; mode: string }) {
  const { url, facts } = file;
  const { data, error, refetch } = useQuery({
    queryKey: ["parquet", url, facts.etag],
    gcTime: 30_000,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: ({ signal }) => {
      const question: ParquetQuestion = {
        url: new URL(url, location.href).href,
        size: facts.size,
        etag: facts.etag,
        rows: ROWS,
      };
      const worker = new Worker(new URL("./parquet-worker.ts", import.meta.url), { type: "module" });
      return askWorker<ParquetAnswer>(worker, question, { milliseconds: MOST_MILLISECONDS, signal });
    },
  });
  if (error) {
    return <Failure small title="This Parquet file cannot be read" error={error} retry={() => void refetch()} />;
  }
  if (!data) return <Waiting />;
  const { table, totalRows, problem, leftOut } = data;
  if (mode === "schema" || problem) return <Schema answer={data} />;
  const first = table.rows.length < totalRows ? `First ${formatCount(table.rows.length)} of ` : "";
  const missing = leftOut > 0 ? ` ${plural(leftOut, "column")} left out, see Schema;` : "";
  const note = `${first}${plural(totalRows, "row")},${missing}`;
  return <Grid table={table} note={note} />;
}

function Schema({ answer: { columns, totalRows, groups, problem, createdBy } }: { answer: ParquetAnswer }) {
  const packed = /unsupported compression codec: (\w+)/i.exec(problem ?? "")?.[1];
  return (
    <div className="preview-scroll padded">
      <p className="muted">
        {plural(totalRows, "row")} in {plural(groups, "row group")}, {plural(columns.length, "column")}
        {createdBy && `, written by ${createdBy}`}.
      </p>
      {problem && (
        <p className="notice-text" role="status">
          {packed
            ? `The rows are compressed with ${packed}, which this page does not unpack. Download the file to read them.`
            : `The rows cannot be shown: ${problem}`}
        </p>
      )}
      <table className="facts-table">
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Type</th>
            <th scope="col">Compression</th>
          </tr>
        </thead>
        <tbody>
          {columns.map(({ name, type, codec }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{type}</td>
              <td>{codec.toLowerCase()}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
