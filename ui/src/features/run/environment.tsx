import { useState } from "react";
import type { Run } from "../../api/generated";
import type { Provenance } from "../../api/run-files";
import { CopyButton } from "../../components/copy";
import { LongList } from "../../components/long-list";
import { Empty, Failure, SkeletonRows } from "../../components/states";
import { formatCount } from "../../lib/format";
import type { Surroundings } from "../../lib/provenance";
import { commandText, requirementsText } from "../../lib/snippets";
import { tagsOf } from "./facts";

const ROW = 28;

/** What a run ran on: Python, machine, command line, installed packages. */
export default function RunEnvironment({ run, provenance }: { run: Run; provenance: Provenance }) {
  const { told, pending, error, owner, retry } = provenance;
  if (error) return <Failure small title="The environment could not be read" error={error} retry={retry} />;
  if (pending) return <SkeletonRows rows={8} />;
  const tags = tagsOf(run);
  const host = tags.get("assay.host");
  const facts = told ? told.facts : older(tags);
  if (facts.length === 0 && !host) {
    return (
      <Empty title="Nothing is known of the environment" icon="cube">
        <p className="muted">Assay's client keeps it; other clients do not, or it was turned off.</p>
      </Empty>
    );
  }
  return (
    <div className="overview-columns">
      <div className="overview-column">{told && told.packages.length > 0 && <Packages packages={told.packages} />}</div>
      <div className="overview-column">
        <dl className="card facts-card">
          {[...(host ? [["Host", host] as [string, string]] : []), ...facts].map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
        {told && told.command.length > 0 && <CommandLine command={told.command} />}
        {owner.id !== run.info.run_id && (
          <p className="muted">
            Kept with the <a href={`/runs/${owner.id}?tab=environment`}>first run of the same process</a>.
          </p>
        )}
      </div>
    </div>
  );
}

/** What the tags of a run tell where no file was kept. */
function older(tags: ReadonlyMap<string, string>): Array<[string, string]> {
  const python = tags.get("assay.python");
  const cards = tags.get("assay.gpu");
  return [
    ...(python ? [["Python", python] as [string, string]] : []),
    ...(cards ? [["GPUs", cards] as [string, string]] : []),
  ];
}

function CommandLine({ command }: { command: string[] }) {
  const text = commandText(command);
  return (
    <section className="card list-card" aria-label="Command line">
      <header>
        <h2>Command line</h2>
        <span className="spring" />
        <CopyButton text={text} label="Copy the command line" />
      </header>
      <p className="side-body mono command-line">{text}</p>
    </section>
  );
}

function Packages({ packages }: { packages: Surroundings["packages"] }) {
  const [search, setSearch] = useState("");
  const found = packages.filter(([name]) => name.includes(search.toLowerCase()));
  return (
    <section className="card list-card" aria-label="Packages">
      <header>
        <h2>Packages</h2>
        <span className="muted">{formatCount(packages.length)}</span>
        <input
          className="field"
          type="search"
          aria-label="Search packages"
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <CopyButton text={requirementsText(packages)} label="Copy as requirements.txt" />
      </header>
      <LongList items={found} rowHeight={ROW} label="Packages" keyOf={([name]) => name}>
        {([name, version]) => (
          <div className="pair-row">
            <span className="truncate" title={name}>
              {name}
            </span>
            <span className="truncate" title={version}>
              {version}
            </span>
          </div>
        )}
      </LongList>
    </section>
  );
}
