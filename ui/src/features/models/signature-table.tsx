import { type Field, fieldInWords, type Signature } from "../../lib/mlmodel";

const PARTS = [
  { part: "inputs", title: "Inputs" },
  { part: "outputs", title: "Outputs" },
  { part: "params", title: "Params" },
] as const;

/** What a model takes and gives. */
export function SignatureTable({ signature }: { signature: Signature }) {
  return (
    <div className="table-box signature-box" tabIndex={0} role="region" aria-label="Signature">
      <table className="list signature">
        <thead className="visually-hidden">
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
          </tr>
        </thead>
        {PARTS.map(({ part, title }) => (
          <FieldRows key={part} title={title} fields={signature[part]} />
        ))}
      </table>
    </div>
  );
}

function FieldRows({ title, fields }: { title: string; fields: Field[] }) {
  if (fields.length === 0) return null;
  return (
    <tbody>
      <tr className="signature-part">
        <th scope="rowgroup" colSpan={2}>
          {title} <span className="muted">{fields.length}</span>
        </th>
      </tr>
      {fields.map((field) => (
        <tr key={field.name}>
          <th scope="row" className="mono">
            {field.name || <span className="muted">unnamed</span>}
          </th>
          <td className="mono muted">{fieldInWords(field)}</td>
        </tr>
      ))}
    </tbody>
  );
}
