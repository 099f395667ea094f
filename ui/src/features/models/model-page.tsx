import "../../styles/models.css";
import "../../styles/model-page.css";
import { useMemo, useState } from "react";
import { Link, useLocation } from "wouter";
import type { ModelPage } from "../../api/generated";
import { useModel, useRegistryWrite } from "../../api/registry";
import { useIsAdmin, useNotForYou } from "../../api/session";
import { Access, May, useMay, useMayGrant } from "../../components/access";
import { Ago } from "../../components/ago";
import { Boundary } from "../../components/boundary";
import { CopyButton } from "../../components/copy";
import { useCrumbs } from "../../components/crumbs";
import { Icon } from "../../components/icons";
import { useKeys } from "../../components/keys";
import { MoreButton, useMore } from "../../components/more";
import { setParameters, usePathPart, useQueryText } from "../../components/parameters";
import { Empty, Failure, SkeletonRows, Snippet } from "../../components/states";
import { columnsOf } from "../../lib/columns";
import { modelPath, parseVersions, versionFrame } from "../../lib/models";
import { formatSearch, joinList, splitList } from "../../lib/url-state";
import { AliasPanel } from "./alias-panel";
import { Description } from "./description";
import { GoneNotice } from "./gone-notice";
import { MetricMenu } from "./metric-menu";
import { ModelMenu } from "./model-menu";
import { GateCard, LoadCard } from "./side-cards";
import { TagChips } from "./tag-chips";
import { useVersionActs } from "./version-acts";
import { VersionCurve } from "./version-curve";
import { VersionTable } from "./version-table";
import { WebhookCard } from "./webhook-card";

const FIRST = 100;
const ALL = 1000;
/** So many that the chart below stays near. */
const FIRST_ROWS = 25;
const METRICS = 5;

/** One registered model: what its aliases stand for, its versions, its gates. */
export default function ModelRoute() {
  const name = usePathPart(1);
  const [most, setMost] = useState(FIRST);
  const { data, error, refetch } = useModel(name, most);
  useCrumbs([{ label: "Models", href: "/models" }, { label: name }]);
  const hint = useNotForYou(error);
  if (error && !data) {
    const retry = () => void refetch();
    return <Failure page title="The model could not be read" error={error} hint={hint} retry={retry} />;
  }
  if (!data) {
    return (
      <div className="page-inner">
        <SkeletonRows rows={14} />
      </div>
    );
  }
  return (
    <>
      <GoneNotice what="model" error={error} />
      <Access permission={data.permission}>
        <Loaded key={name} page={data} more={most === FIRST ? () => setMost(ALL) : undefined} />
      </Access>
    </>
  );
}

function Loaded({ page, more }: { page: ModelPage; more: (() => void) | undefined }) {
  const { model, versions: shown, rules } = page;
  const { name } = model;
  const describe = useRegistryWrite("updateRegisteredModel");
  const aliases = model.aliases ?? [];
  const versions = shown.versions.map((one) => one.version);
  const guarded = [...new Set(rules.map((rule) => rule.guards))];
  const locked = useMay("MANAGE") ? [] : page.protected;
  const acts = useVersionActs({ name, versions, aliases, guarded, locked });
  const isAdmin = useIsAdmin() || page.permission === "";
  return (
    <div className="page scrolls">
      <div className="page-inner model-page">
        <ModelHead page={page} />
        <Description
          what="model"
          text={model.description ?? ""}
          onSave={(description) => describe.mutateAsync({ name, description })}
        />
        <Boundary what="The list of aliases">
          <AliasPanel page={page} onMove={acts.moveAlias} />
        </Boundary>
        {versions.length === 0 ? (
          <NoVersions name={name} />
        ) : (
          <div className="model-columns">
            <Versions page={page} acts={acts} more={shown.next_page_token !== "" ? more : undefined} />
            <aside className="model-side">
              <LoadCard name={name} aliases={aliases} version={versions[0] ?? ""} />
              <Boundary what="The card of gates">
                <GateCard page={page} />
              </Boundary>
              {isAdmin && (
                <Boundary what="The card of webhooks">
                  <WebhookCard />
                </Boundary>
              )}
            </aside>
          </div>
        )}
      </div>
      {acts.dialog}
    </div>
  );
}

function ModelHead({ page: { model, versions } }: { page: ModelPage }) {
  const { name } = model;
  const setTag = useRegistryWrite("setRegisteredModelTag");
  const dropTag = useRegistryWrite("deleteRegisteredModelTag");
  return (
    <header className="run-header">
      <div className="run-title">
        <h1 className="run-name">
          <bdi>{name}</bdi>
        </h1>
        <CopyButton text={name} label="Copy the model's name" />
        <span className="muted">
          updated <Ago time={model.last_updated_timestamp} />
        </span>
        <span className="spring" />
        {useMayGrant() && (
          <Link className="button" href={modelPath(name, "permissions")} aria-label="Permissions">
            <Icon name="lock" />
            <span className="wide-word">Permissions</span>
          </Link>
        )}
        <ModelMenu
          own
          name={name}
          latest={versions.versions[0]?.version ?? ""}
          aliases={(model.aliases ?? []).map((one) => one.alias)}
        />
      </div>
      <TagChips
        tags={model.tags ?? []}
        onSet={(key, value) => setTag.mutateAsync({ name, key, value })}
        onRemove={(key) => dropTag.mutateAsync({ name, key })}
      />
    </header>
  );
}

interface VersionsProps {
  page: ModelPage;
  acts: ReturnType<typeof useVersionActs>;
  more: (() => void) | undefined;
}

function Versions({ page, acts, more }: VersionsProps) {
  const { model, versions: shown } = page;
  const { name, aliases = [] } = model;
  const values = new URLSearchParams(useQueryText());
  const selected = parseVersions(values.get("selected") ?? "");
  const [, navigate] = useLocation();
  const frame = useMemo(() => versionFrame(shown), [shown]);
  const part = useMore(name, FIRST_ROWS);
  const rows = shown.versions.slice(0, part.limit);
  const all = columnsOf(frame, "metrics");
  const chosen = splitList(values.get("metrics") ?? "").map((key) => `metrics.${key}`);
  const metrics = chosen.length > 0 ? chosen.filter((column) => all.includes(column)) : all.slice(0, METRICS);
  const select = (version: string, wanted: boolean) => {
    const rest = selected.filter((one) => one !== version);
    setParameters({ selected: joinList(wanted ? [...rest, version] : rest) });
  };
  const compareHref = `${modelPath(name, "compare")}${formatSearch({ versions: joinList(selected) })}`;
  const mayEdit = useMay("EDIT");
  useVersionKeys({
    alias: (version) => mayEdit && acts.setAlias(version),
    select: (version) => select(version, !selected.includes(version)),
    compare: () => selected.length >= 2 && navigate(compareHref),
  });
  return (
    <div className="model-main">
      <section className="card list-card" aria-label="Versions of the model">
        <header>
          <h2>Versions</h2>
          <span className="muted">{shown.versions.length + (shown.next_page_token ? "+" : "")}</span>
          <span className="spring" />
          {all.length > METRICS && (
            <MetricMenu
              all={all}
              shown={metrics}
              onShown={(columns) =>
                setParameters({ metrics: joinList(columns.map((one) => one.slice("metrics.".length))) })
              }
            />
          )}
          <CompareButton count={selected.length} href={compareHref} />
        </header>
        <Boundary what="The table of versions">
          <VersionTable {...{ name, frame, metrics, selected }} versions={rows} onSelect={select} onAct={acts.act} />
        </Boundary>
        <MoreButton more={part} count={shown.versions.length} />
        {more && rows.length === shown.versions.length && (
          <button type="button" className="button more-rows" onClick={more}>
            Show older versions
          </button>
        )}
        {!more && shown.next_page_token !== "" && (
          <p className="muted list-empty">The newest {ALL} versions are shown.</p>
        )}
      </section>
      <Boundary what="The chart">
        <VersionCurve frame={frame} metrics={all} aliases={aliases} />
      </Boundary>
    </div>
  );
}

function CompareButton({ count, href }: { count: number; href: string }) {
  if (count < 2) {
    return (
      <button type="button" className="button" disabled title="Tick two or more versions">
        Compare
      </button>
    );
  }
  return (
    <Link className="button primary" href={href}>
      Compare {count}
      <kbd className="kbd">c</kbd>
    </Link>
  );
}

interface VersionKeys {
  alias: (version: string) => void;
  select: (version: string) => void;
  compare: () => void;
}

/** Keys of the table of versions: they are about the row that holds the focus, else about the newest version. */
function useVersionKeys({ alias, select, compare }: VersionKeys): void {
  const rows = () => [...document.querySelectorAll<HTMLElement>("tr[data-version]")];
  const row = () => document.activeElement?.closest<HTMLElement>("tr[data-version]");
  const step = (event: KeyboardEvent, by: number) => {
    const all = rows();
    const present = row();
    const next = all[present ? all.indexOf(present) + by : 0];
    if (!next) return;
    event.preventDefault();
    next.querySelector<HTMLElement>(".version-link")?.focus();
  };
  const on = (act: (version: string) => void) => (event: KeyboardEvent) => {
    const version = (row() ?? rows()[0])?.dataset.version;
    if (version === undefined) return;
    event.preventDefault();
    act(version);
  };
  useKeys({
    j: (event) => step(event, 1),
    k: (event) => step(event, -1),
    ArrowDown: (event) => row() && step(event, 1),
    ArrowUp: (event) => row() && step(event, -1),
    a: on(alias),
    x: on(select),
    c: compare,
  });
}

function NoVersions({ name }: { name: string }) {
  const code = [
    "import assay",
    "",
    `assay.set_tracking_uri("${location.origin}")`,
    "with assay.start_run():",
    `    assay.sklearn.log_model(model, name="model", registered_model_name=${JSON.stringify(name)})`,
  ].join("\n");
  return (
    <Empty title="No versions yet" icon="cube">
      <May level="EDIT">
        <p className="muted">Log a model under this name, or press Register on a run that has logged one:</p>
        <Snippet code={code} label="Python code that adds a version to this model" />
      </May>
      <p className="muted" role="status">
        Waiting for the first version… it will appear here by itself.
      </p>
    </Empty>
  );
}
