import { useState } from "react";
import { Link } from "wouter";
import type { DatasetInput, Run } from "../../api/generated";
import { CopyButton } from "../../components/copy";
import { Dialog } from "../../components/dialog";
import { Icon } from "../../components/icons";

const CONTEXT_TAG = "mlflow.data.context";

/** The datasets and models that a run read; nothing where there is none. */
export function DataCard({ run: { inputs } }: { run: Run }) {
  const datasets = inputs?.dataset_inputs ?? [];
  const models = inputs?.model_inputs ?? [];
  const [shown, setShown] = useState<DatasetInput>();
  if (datasets.length + models.length === 0) return null;
  return (
    <section className="card list-card" aria-label="Data">
      <header>
        <h2>Data</h2>
        <span className="muted">{datasets.length + models.length}</span>
      </header>
      <ul>
        {datasets.map((input) => (
          <li key={`${input.dataset?.name} ${input.dataset?.digest} ${contextOf(input)}`} className="data-row">
            <Icon name="data" />
            <button type="button" className="link-button truncate" onClick={() => setShown(input)}>
              <bdi>{input.dataset?.name}</bdi>
            </button>
            {contextOf(input) && <span className="chip">{contextOf(input)}</span>}
            <span className="spring" />
            <code className="muted">{input.dataset?.digest}</code>
          </li>
        ))}
        {models.map(({ model_id: id }) => (
          <li key={id} className="data-row">
            <Icon name="cube" />
            <Link className="truncate" href={`/m/${id}`}>
              {id}
            </Link>
            <span className="chip">read</span>
          </li>
        ))}
      </ul>
      {shown && <DatasetDialog input={shown} onClose={() => setShown(undefined)} />}
    </section>
  );
}

function contextOf(input: DatasetInput): string {
  return input.tags?.find(({ key }) => key === CONTEXT_TAG)?.value ?? "";
}

function DatasetDialog({ input, onClose }: { input: DatasetInput; onClose: () => void }) {
  const {
    name = "",
    digest = "",
    source = "",
    source_type: type = "",
    schema = "",
    profile = "",
  } = input.dataset ?? {};
  const facts: Array<[string, string]> = [
    ["Digest", digest],
    ["Context", contextOf(input)],
    ["Source", type],
  ];
  const texts: Array<[string, string]> = [
    ["Where it is", source],
    ["Schema", schema],
    ["Profile", profile],
  ];
  return (
    <Dialog title={name} onClose={onClose}>
      <dl className="facts-card">
        {facts
          .filter(([, value]) => value !== "")
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {texts
        .filter(([, value]) => value !== "")
        .map(([label, value]) => (
          <section key={label} className="dataset-text" aria-label={label}>
            <h3>
              {label} <CopyButton text={value} label={`Copy: ${label}`} />
            </h3>
            <pre className="full-text mono">{indented(value)}</pre>
          </section>
        ))}
    </Dialog>
  );
}

/** JSON by lines, other texts as they are. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
