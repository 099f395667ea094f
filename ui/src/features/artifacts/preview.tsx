import type { ComponentType } from "react";
import { CopyButton } from "../../components/copy";
import { Icon } from "../../components/icons";
import { later } from "../../components/later";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty } from "../../components/states";
import { baseName, downloadCode, type Preview, previewOf, visibleName } from "../../lib/files";
import { formatBytes, formatDateTime } from "../../lib/format";
import { type Mode, type OpenFile, Waiting } from "./file";

type View = ComponentType<{ file: OpenFile; mode: string }>;

const view = (fetchView: () => Promise<{ default: View }>) => later(fetchView, <Waiting />);

const text = view(() => import("./text-view"));
const json = view(() => import("./json-view"));
const csv = view(() => import("./csv-view"));
const media = view(() => import("./media-view"));
const binary = view(() => import("./binary-view"));

interface Kind {
  view: View;
  /** The ways in which it can be seen, the first one by itself. */
  modes?: Mode[];
}

const TEXT: Mode = { name: "text", label: "Text" };
const TREE: Mode = { name: "tree", label: "Tree" };
const TABLE: Mode = { name: "table", label: "Table" };
const SHOWN: Mode = { name: "page", label: "Page" };

const KINDS: Record<Preview, Kind> = {
  text: { view: text },
  unknown: { view: text },
  json: { view: json, modes: [TREE, TEXT] },
  yaml: { view: view(() => import("./yaml-view")), modes: [TREE, TEXT] },
  csv: { view: csv, modes: [TABLE, TEXT] },
  tsv: { view: csv, modes: [TABLE, TEXT] },
  parquet: { view: view(() => import("./parquet-view")), modes: [TABLE, { name: "schema", label: "Schema" }] },
  image: { view: view(() => import("./image-view")) },
  markdown: { view: view(() => import("./markdown-view")), modes: [SHOWN, TEXT] },
  html: { view: media, modes: [SHOWN, TEXT] },
  notebook: { view: view(() => import("./notebook-view")), modes: [{ name: "cells", label: "Cells" }, TEXT] },
  model: { view: view(() => import("./model-view")), modes: [{ name: "card", label: "Card" }, TEXT] },
  pdf: { view: media },
  audio: { view: media },
  video: { view: media },
  npy: { view: view(() => import("./npy-view")) },
  safetensors: { view: view(() => import("./safetensors-view")) },
  zip: { view: view(() => import("./zip-view")) },
  binary: { view: binary },
};

/** A file shown after its kind, of which each has its own code, loaded with the first file of the kind. */
export function FilePreview({ file }: { file: OpenFile }) {
  const asked = new URLSearchParams(useQueryText()).get("as") ?? "";
  const { view: View, modes = [] } = KINDS[previewOf(file.path)];
  if (file.facts.size === 0) {
    return (
      <>
        <FileHead file={file} />
        <Empty small title="An empty file" icon="file">
          <p className="muted">There is nothing in it.</p>
        </Empty>
      </>
    );
  }
  const mode = modes.find(({ name }) => name === asked)?.name ?? modes[0]?.name ?? "";
  const Shown = mode === "text" ? text : View;
  return (
    <>
      <FileHead file={file} />
      {modes.length > 0 && (
        <fieldset className="segments preview-modes" aria-label="View">
          {modes.map(({ name, label }) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === mode}
              onClick={() => setParameters({ as: name === modes[0]!.name ? "" : name })}
            >
              {label}
            </button>
          ))}
        </fieldset>
      )}
      <Shown file={file} mode={mode} />
    </>
  );
}

function FileHead({ file: { owner, path, url, facts } }: { file: OpenFile }) {
  const name = baseName(path);
  const written = Number.isNaN(facts.modified) ? "" : `, written ${formatDateTime(facts.modified)}`;
  return (
    <header className="preview-head">
      <h2 className="truncate preview-name" title={visibleName(path)}>
        {visibleName(name)}
      </h2>
      <span className="muted preview-size" title={`${facts.size} bytes${written}`}>
        {formatBytes(facts.size)}
      </span>
      <span className="spring" />
      <CopyButton text={path} label="Copy the path" />
      <CopyButton
        text={downloadCode(owner, path, location.origin)}
        label="Copy Python code that fetches it"
        icon="code"
      />
      <a className="button" href={url} download={name}>
        <Icon name="download" />
        Download
      </a>
    </header>
  );
}
