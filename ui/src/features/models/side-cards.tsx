import type { ReactNode } from "react";
import type { ModelPage } from "../../api/generated";
import { Ago } from "../../components/ago";
import { CopyButton } from "../../components/copy";
import { Icon } from "../../components/icons";
import { Snippet } from "../../components/states";
import { byGate, ruleInWords } from "../../lib/gates";
import { mainAlias } from "../../lib/models";

export function SideCard({ title, count, children }: { title: string; count?: number; children: ReactNode }) {
  return (
    <section className="card list-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {count !== undefined && <span className="muted">{count}</span>}
      </header>
      <div className="side-body">{children}</div>
    </section>
  );
}

interface LoadProps {
  name: string;
  aliases: ReadonlyArray<{ alias: string }>;
  version: string;
}

/** Code that loads the model: by its alias, which follows, and by its number, which stays. */
export function LoadCard({ name, aliases, version }: LoadProps) {
  const alias = mainAlias(aliases)?.alias;
  const uris = [...(alias ? [`models:/${name}@${alias}`] : []), ...(version ? [`models:/${name}/${version}`] : [])];
  if (uris.length === 0) return null;
  return (
    <SideCard title="How to load it">
      <ul className="load-uris">
        {uris.map((uri) => (
          <li key={uri}>
            <code className="truncate" title={uri}>
              {uri}
            </code>
            <CopyButton text={uri} label={`Copy ${uri}`} />
          </li>
        ))}
      </ul>
      <Snippet label="Python code that loads the model" code={loading(uris[0] ?? "")} />
    </SideCard>
  );
}

function loading(uri: string): string {
  return [
    "import assay",
    "",
    `assay.set_tracking_uri("${location.origin}")`,
    `model = assay.pyfunc.load_model(${JSON.stringify(uri)})`,
  ].join("\n");
}

/** The rules of a model's gates in words. */
export function GateCard({ page: { gates, rules, model } }: { page: ModelPage }) {
  if (rules.length === 0) {
    return (
      <SideCard title="Gates">
        <p className="muted">
          No gate guards an alias or stage of this model. <code>assay gates apply</code> sets them from a file such as:
        </p>
        <Snippet
          label="A file of gates"
          code={`model ${model.name}\n\ngate @champion\n  metrics.val_auc >= @champion - 0.005\n  signature`}
        />
      </SideCard>
    );
  }
  return (
    <SideCard title="Gates" count={rules.length}>
      {byGate(rules).map(({ guards, rules: some }) => (
        <div key={guards}>
          <h3 className="gate-name">
            <Icon name="shield" />
            {guards}
          </h3>
          <ul className="gate-rules">
            {some.map(({ line, rule }) => (
              <li key={line} title={`line ${line}: ${rule}`}>
                {ruleInWords(rule)}
              </li>
            ))}
          </ul>
        </div>
      ))}
      {gates.changed_at !== undefined && gates.changed_at > 0 && (
        <p className="muted">
          Set <Ago time={gates.changed_at} />
          {gates.changed_by && ` by ${gates.changed_by}`}
        </p>
      )}
    </SideCard>
  );
}
