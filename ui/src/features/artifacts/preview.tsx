import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { artifactUrl, fetchHead } from "../../api/artifacts";
import { CopyButton } from "../../components/copy";
import { Icon } from "../../components/icons";
import { Failure, SkeletonRows } from "../../components/states";
import { baseName, looksLikeText, previewOf } from "../../lib/files";
import { formatBytes } from "../../lib/format";
import { BinaryView } from "./binary-view";
import { CsvView } from "./csv-view";
import { ImageView } from "./image-view";
import { JsonView } from "./json-view";
import { TextView } from "./text-view";

const MOST_BYTES = 1_000_000;
const HEAD_BYTES = 4096;

interface Props {
  runId: string;
  path: string;
  size: number | undefined;
}

/** A file shown after its kind; at most a megabyte of it is read. */
export function FilePreview({ runId, path, size }: Props) {
  const url = artifactUrl(runId, path);
  return (
    <>
      <header className="preview-head">
        <span className="truncate preview-name" title={path}>
          {baseName(path)}
        </span>
        {size !== undefined && <span className="muted">{formatBytes(size)}</span>}
        <span className="spring" />
        <CopyButton text={path} label="Copy the path" />
        <a className="button" href={url} download={baseName(path)}>
          <Icon name="download" />
          Download
        </a>
      </header>
      {previewOf(path) === "image" ? (
        <ImageView runId={runId} path={path} size={size} />
      ) : (
        <Content runId={runId} path={path} size={size} />
      )}
    </>
  );
}

function Content({ runId, path, size }: Props) {
  const kind = previewOf(path);
  const limit = kind === "binary" ? HEAD_BYTES : MOST_BYTES;
  const { data, error, refetch } = useQuery({
    queryKey: ["bytes", runId, path, size],
    gcTime: 60_000,
    queryFn: ({ signal }) => fetchHead(runId, path, { limit, signal }),
  });
  const [raw, setRaw] = useState(false);
  if (error) return <Failure small title="The file could not be read" error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={8} />;
  const { bytes, whole } = data;
  if (kind === "binary" || !looksLikeText(bytes)) return <BinaryView bytes={bytes} size={size} />;
  const text = new TextDecoder().decode(bytes);
  const shaped = (kind === "json" && whole) || kind === "csv" || kind === "tsv";
  return (
    <>
      {shaped && (
        <div className="preview-modes">
          <fieldset className="segments" aria-label="View">
            <button type="button" aria-pressed={!raw} onClick={() => setRaw(false)}>
              {kind === "json" ? "Tree" : "Table"}
            </button>
            <button type="button" aria-pressed={raw} onClick={() => setRaw(true)}>
              Text
            </button>
          </fieldset>
        </div>
      )}
      {!whole && (
        <p className="preview-note" role="status">
          The first {formatBytes(bytes.length)}
          {size === undefined ? "" : ` of ${formatBytes(size)}`} are shown. Download the file to see the rest.
        </p>
      )}
      <Shaped kind={raw || !shaped ? "text" : kind} text={text} whole={whole} />
    </>
  );
}

function Shaped({ kind, text, whole }: { kind: string; text: string; whole: boolean }) {
  if (kind === "csv") return <CsvView text={text} separator="," whole={whole} />;
  if (kind === "tsv") return <CsvView text={text} separator={"\t"} whole={whole} />;
  if (kind === "json") return <JsonView text={text} />;
  return <TextView text={text} />;
}
