import { useQuery } from "@tanstack/react-query";
import { artifactUrl, type Owner } from "../../api/artifacts";
import { useFacts } from "../../api/files";
import { Empty, Snippet } from "../../components/states";
import { askWorker } from "../../components/worker";
import { baseName, foldersAbove } from "../../lib/files";
import { formatBytes } from "../../lib/format";
import { type Field, fieldInWords, type ModelCard } from "../../lib/mlmodel";
import { join } from "../../lib/tree";
import { type OpenFile, Range, TooLarge, Waiting } from "./file";
import { FolderActions } from "./folder-actions";

const MOST_BYTES = 1_000_000;
const MOST_MILLISECONDS = 2500;
const MOST_FIELDS = 500;

/** The file `MLmodel` as a card: how to load the model, what it expects and gives, what it needs. */
export default function ModelView({ file }: { file: OpenFile }) {
  const folder = foldersAbove(file.path).at(-1) ?? "";
  if (file.facts.size > MOST_BYTES) return <TooLarge file={file} most={MOST_BYTES} />;
  return (
    <div className="preview-scroll padded" tabIndex={0} role="region" aria-label="Model">
      <Range file={file} end={MOST_BYTES}>
        {(bytes) => <Card owner={file.owner} folder={folder} text={new TextDecoder().decode(bytes)} />}
      </Range>
    </div>
  );
}

/** A folder that holds a model: its card, and the folder as a whole. */
export function ModelFolder({ owner, path }: { owner: Owner; path: string }) {
  const card = join(path, "MLmodel");
  const { data } = useFacts(owner, card);
  if (!data) return <Waiting />;
  return (
    <>
      <header className="preview-head">
        <h2 className="truncate preview-name">{baseName(path)}</h2>
        <span className="spring" />
        <FolderActions owner={owner} path={path} />
      </header>
      {typeof data === "object" && (
        <ModelView file={{ owner, path: card, facts: data, url: artifactUrl(owner, card) }} />
      )}
    </>
  );
}

function Card({ owner, folder, text }: { owner: Owner; folder: string; text: string }) {
  const { data: card, error } = useQuery({
    queryKey: ["model card", text],
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: ({ signal }) =>
      askWorker<ModelCard>(new Worker(new URL("./model-worker.ts", import.meta.url), { type: "module" }), text, {
        milliseconds: MOST_MILLISECONDS,
        signal,
      }),
  });
  if (error) return <Empty small title="This model file cannot be read" icon="warning" />;
  if (!card) return <Waiting />;
  const facts: Array<[string, string | undefined]> = [
    ["Created (UTC)", card.created?.replace(/\.\d+$/, "")],
    ["Size", card.bytes === undefined ? undefined : formatBytes(card.bytes)],
    ["Python", card.python],
    ["Input example", card.example],
  ];
  return (
    <div className="model-card">
      {card.problem && <p className="notice-text">{card.problem}</p>}
      <h3>Load it</h3>
      <Snippet code={loadCode(owner, folder, card)} label="Python code that loads the model" />
      <h3>Signature</h3>
      <SignatureTable card={card} />
      <h3>Flavors</h3>
      {card.flavors.map(({ name, facts: about }) => (
        <details key={name} open>
          <summary className="mono">{name}</summary>
          <Facts facts={about} />
        </details>
      ))}
      <Requirements owner={owner} folder={folder} />
      <h3>About</h3>
      <Facts facts={facts.flatMap(([label, fact]) => (fact ? [[label, fact] as [string, string]] : []))} />
    </div>
  );
}

function loadCode({ kind, id }: Owner, folder: string, { flavors }: ModelCard): string {
  const place = kind === "run" ? `runs:/${id}/${folder}` : `models:/${id}${folder && `/${folder}`}`;
  const own = flavors.find(({ name }) => name !== "python_function")?.name;
  const flavor = flavors.some(({ name }) => name === "python_function") ? "pyfunc" : (own ?? "pyfunc");
  return [
    "import assay",
    "",
    `assay.set_tracking_uri(${JSON.stringify(location.origin)})`,
    `model = assay.${flavor}.load_model(${JSON.stringify(place)})`,
  ].join("\n");
}

function SignatureTable({ card: { signature } }: { card: ModelCard }) {
  if (!signature) {
    return <p className="muted">It was logged without one: nothing says which input it expects.</p>;
  }
  const parts: Array<[string, Field[]]> = [
    ["Input", signature.inputs],
    ["Output", signature.outputs],
    ["Param", signature.params],
  ];
  const count = parts.reduce((sum, [, fields]) => sum + fields.length, 0);
  return (
    <table className="facts-table">
      <thead>
        <tr>
          <th scope="col">Part</th>
          <th scope="col">Name</th>
          <th scope="col">Type</th>
        </tr>
      </thead>
      <tbody>
        {parts.map(([part, fields]) =>
          fields.slice(0, MOST_FIELDS).map((field, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: names may be missing
            <tr key={index}>
              <td>{part}</td>
              <th scope="row">{field.name || "–"}</th>
              <td className="mono">{fieldInWords(field)}</td>
            </tr>
          )),
        )}
      </tbody>
      {count > MOST_FIELDS && <caption>The first {MOST_FIELDS} of each part are shown.</caption>}
    </table>
  );
}

function Facts({ facts }: { facts: Array<[string, string]> }) {
  return (
    <dl className="model-facts">
      {facts.map(([label, fact]) => (
        <div key={label}>
          <dt className="muted">{label}</dt>
          <dd className="mono">{fact}</dd>
        </div>
      ))}
    </dl>
  );
}

function Requirements({ owner, folder }: { owner: Owner; folder: string }) {
  const path = join(folder, "requirements.txt");
  const { data } = useFacts(owner, path);
  if (typeof data !== "object") return null;
  return (
    <>
      <h3>Requirements</h3>
      <Range file={{ owner, path, facts: data, url: artifactUrl(owner, path) }} end={20_000}>
        {(bytes) => <Snippet code={new TextDecoder().decode(bytes).trim()} label="Requirements" />}
      </Range>
    </>
  );
}
