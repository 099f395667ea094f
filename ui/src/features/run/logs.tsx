import { useMemo, useState } from "react";
import type { Owner } from "../../api/artifacts";
import { artifactUrl } from "../../api/artifacts";
import type { Run } from "../../api/generated";
import { useTail } from "../../api/run-files";
import { CopyButton } from "../../components/copy";
import { Icon } from "../../components/icons";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, SkeletonRows, Snippet } from "../../components/states";
import { TextLines } from "../../components/text-lines";
import { settleConsole } from "../../lib/console-text";
import { logFiles } from "../../lib/files";
import { formatBytes } from "../../lib/format";

const FIRST_BYTES = 1_200_000;
const MOST_BYTES = 20_000_000;

/** What a run prints, from its end, growing while the run goes on. */
export default function RunLogs({ run: { info }, names }: { run: Run; names: readonly string[] }) {
  const files = logFiles(names);
  const asked = new URLSearchParams(useQueryText()).get("log") ?? "";
  const chosen = files.includes(asked) ? asked : files.at(-1);
  if (!chosen) return <NoLogs />;
  const owner: Owner = { kind: "run", id: info.run_id };
  const live = info.status === "RUNNING" && chosen === files.at(-1);
  return (
    <section className="card run-log" aria-label="Log">
      <LogText key={chosen} owner={owner} path={chosen} live={live} files={files} />
    </section>
  );
}

function LogText({ owner, path, live, files }: { owner: Owner; path: string; live: boolean; files: string[] }) {
  const [most, setMost] = useState(FIRST_BYTES);
  const { data, error, refetch } = useTail(owner, path, { most, live });
  const shown = useMemo(() => data && readable(data.bytes, data.start > 0), [data]);
  const text = useMemo(() => shown?.lines.join("\n") ?? "", [shown]);
  if (error && !data)
    return <Failure small title="The log could not be read" error={error} retry={() => void refetch()} />;
  if (!data || !shown) return <SkeletonRows rows={12} />;
  return (
    <>
      {data.start > 0 && (
        <p className="preview-note" role="status">
          The last {formatBytes(data.bytes.length)} of {formatBytes(data.size)}.
          {most < MOST_BYTES && (
            <button type="button" className="link-button" onClick={() => setMost(most * 4)}>
              Read more
            </button>
          )}
        </p>
      )}
      <TextLines text={text} tokens={shown.tokens} numbered={data.start === 0} what="log" follow>
        {files.length > 1 && <FileSelect files={files} chosen={path} />}
        {live && (
          <span className="status tone-running" role="status">
            <span className="live-dot" aria-hidden="true" />
            {error ? "Waiting for the server" : "Following"}
          </span>
        )}
        <span className="spring" />
        <CopyButton text={text} label="Copy the log" />
        <a className="button quiet icon-only" href={artifactUrl(owner, path)} download aria-label="Download the log">
          <Icon name="download" />
        </a>
      </TextLines>
    </>
  );
}

function readable(bytes: Uint8Array, cut: boolean) {
  const text = new TextDecoder().decode(bytes);
  // The first line of a stretch out of the middle is the end of one.
  const end = cut ? text.indexOf("\n") + 1 : 0;
  return settleConsole(text.slice(end));
}

function FileSelect({ files, chosen }: { files: string[]; chosen: string }) {
  return (
    <select
      className="field"
      aria-label="Part of the log"
      value={chosen}
      onChange={(event) =>
        setParameters({ log: event.target.value === files.at(-1) ? "" : event.target.value, line: "" })
      }
    >
      {files.map((file) => (
        <option key={file}>{file}</option>
      ))}
    </select>
  );
}

function NoLogs() {
  const code = ["with assay.start_run(log_console=True):", '    print("epoch 1")'].join("\n");
  return (
    <Empty title="Nothing printed was kept" icon="file">
      <p className="muted">
        Ask for it, for one run or for all with <code>ASSAY_LOG_CONSOLE=true</code>:
      </p>
      <Snippet code={code} label="Python code that keeps what a run prints" />
    </Empty>
  );
}
