import { useMemo } from "react";
import type { Run } from "../../api/generated";
import { PATCH, type Provenance, useText } from "../../api/run-files";
import { CopyButton } from "../../components/copy";
import { setParameters } from "../../components/parameters";
import { Failure, SkeletonRows, Snippet } from "../../components/states";
import { TextLines } from "../../components/text-lines";
import { formatCount, plural } from "../../lib/format";
import { splitLines } from "../../lib/lines";
import { patchTokens, readPatch } from "../../lib/patch";
import { commitPage } from "../../lib/provenance";
import { reproduceCommands } from "../../lib/snippets";
import { tagsOf } from "./facts";

/** Which code a run ran: its commit, what was changed since, the script; and how to run it again. */
export default function RunCode({ run, provenance }: { run: Run; provenance: Provenance }) {
  const { told, owner, hasPatch, script, pending, error, retry } = provenance;
  if (pending) return <SkeletonRows rows={10} />;
  return (
    <div className="overview">
      <CodeFacts run={run} entryPoint={told?.repository.entryPoint ?? ""} />
      {error && <Failure small title="What was kept of the code could not be read" error={error} retry={retry} />}
      <Reproduce run={run} provenance={provenance} />
      {hasPatch && <PatchCard owner={owner} leftOut={told?.repository.leftOut ?? []} />}
      {told && told.repository.untracked.length > 0 && <Untracked names={told.repository.untracked} />}
      {script && <ScriptCard owner={owner} path={`assay/source/${script}`} name={script} />}
    </div>
  );
}

function CodeFacts({ run, entryPoint }: { run: Run; entryPoint: string }) {
  const tags = tagsOf(run);
  const commit = tags.get("mlflow.source.git.commit") ?? "";
  const repository = tags.get("mlflow.source.git.repoURL") ?? "";
  const page = commitPage(repository, commit);
  const facts: Array<[string, string]> = [
    ["Repository", repository],
    ["Branch", tags.get("mlflow.source.git.branch") ?? ""],
    ["Entry point", entryPoint || (tags.get("mlflow.source.name") ?? "")],
  ];
  return (
    <dl className="card facts-card">
      {commit && (
        <div>
          <dt>Commit</dt>
          <dd>
            {page ? (
              <a href={page} target="_blank" rel="noopener noreferrer">
                <code>{commit}</code>
              </a>
            ) : (
              <code>{commit}</code>
            )}
            <CopyButton text={commit} label="Copy the git commit" />
          </dd>
        </div>
      )}
      {facts
        .filter(([, value]) => value !== "")
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
    </dl>
  );
}

function Reproduce({ run, provenance: { told, owner, hasPatch } }: { run: Run; provenance: Provenance }) {
  const tags = tagsOf(run);
  const commands = reproduceCommands({
    server: location.origin,
    repository: tags.get("mlflow.source.git.repoURL") ?? "",
    commit: tags.get("mlflow.source.git.commit") ?? "",
    patchOf: hasPatch ? owner.id : undefined,
    directory: told?.repository.directory ?? "",
    command: told?.command ?? [],
  });
  if (commands === "") return null;
  return (
    <section className="card list-card" aria-label="Reproduce">
      <header>
        <h2>Reproduce</h2>
      </header>
      <div className="side-body">
        <Snippet code={commands} label="Shell commands that run it again" />
      </div>
    </section>
  );
}

function PatchCard({ owner, leftOut }: { owner: Provenance["owner"]; leftOut: string[] }) {
  const { data, error, refetch } = useText(owner, PATCH);
  const patch = useMemo(() => (data === undefined ? undefined : readPatch(splitLines(data))), [data]);
  const tokens = useMemo(() => patch && patchTokens(patch.kinds), [patch]);
  if (error) return <Failure small title="The patch could not be read" error={error} retry={() => void refetch()} />;
  if (data === undefined || !patch) return <SkeletonRows rows={6} />;
  return (
    <section className="card list-card" aria-label="Uncommitted changes">
      <header>
        <h2>Uncommitted changes</h2>
        <span className="muted">{plural(patch.files.length, "file")}</span>
        <span className="spring" />
        <CopyButton text={data} label="Copy the patch" />
      </header>
      <ul className="patch-files">
        {patch.files.map((file) => (
          <li key={file.line}>
            <button type="button" onClick={() => setParameters({ line: String(file.line + 1) })}>
              <span className="truncate mono">{file.path}</span>
              {file.note && <span className="chip">{file.note}</span>}
              <span className="diff-added number">+{formatCount(file.added)}</span>
              <span className="diff-removed number">−{formatCount(file.removed)}</span>
            </button>
          </li>
        ))}
        {leftOut.map((name) => (
          <li key={name} className="muted">
            <span className="truncate mono">{name}</span> is not in the patch: it is binary, or too long.
          </li>
        ))}
      </ul>
      <div className="patch-text">
        <TextLines text={data} tokens={tokens} what="patch" kindOf={(line) => `line-${patch.kinds[line] ?? "same"}`} />
      </div>
    </section>
  );
}

function Untracked({ names }: { names: string[] }) {
  return (
    <section className="card list-card" aria-label="Files that Git does not track">
      <header>
        <h2>Not tracked by Git</h2>
        <span className="muted">{formatCount(names.length)}</span>
      </header>
      <p className="side-body muted">
        These were there and are in no patch: <span className="mono">{names.join(", ")}</span>
      </p>
    </section>
  );
}

function ScriptCard({ owner, path, name }: { owner: Provenance["owner"]; path: string; name: string }) {
  const { data, error, refetch } = useText(owner, path);
  return (
    <section className="card list-card" aria-label="Script">
      <header>
        <h2>{name}</h2>
        <span className="muted">as it ran</span>
        <span className="spring" />
        {data !== undefined && <CopyButton text={data} label="Copy the script" />}
      </header>
      {error && <Failure small title="The script could not be read" error={error} retry={() => void refetch()} />}
      {data !== undefined && (
        <pre className="script-text mono" tabIndex={0} role="region" aria-label="The script">
          {data}
        </pre>
      )}
    </section>
  );
}
