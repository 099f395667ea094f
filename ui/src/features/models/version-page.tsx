import "../../styles/models.css";
import "../../styles/model-page.css";
import "../../styles/version-page.css";
import { type ReactNode, useMemo } from "react";
import { Link, useLocation } from "wouter";
import type { ModelLineageResponse, ModelPage, ModelVersion, RunTag, VersionColumns } from "../../api/generated";
import { useLineage, useModel, useRegistryWrite, useVersionFiles, useVersions } from "../../api/registry";
import { useNotForYou } from "../../api/session";
import { Access, May, useMay } from "../../components/access";
import { Ago } from "../../components/ago";
import { Boundary } from "../../components/boundary";
import { CopyButton } from "../../components/copy";
import { useCrumbs } from "../../components/crumbs";
import { Icon } from "../../components/icons";
import { useKeys } from "../../components/keys";
import { setParameters, usePathPart, useQueryText } from "../../components/parameters";
import { Failure, SkeletonRows } from "../../components/states";
import { Tabs } from "../../components/tabs";
import { calledBy } from "../../lib/columns";
import type { Lineage } from "../../lib/lineage";
import { mainAlias, modelPath } from "../../lib/models";
import { AliasPill, StageChip } from "./alias-pill";
import { Description } from "./description";
import { GoneNotice } from "./gone-notice";
import { LineageCard } from "./lineage-card";
import { useRecorded, ValueCard } from "./measured-cards";
import { ModelCards } from "./model-card";
import { LoadCard } from "./side-cards";
import { TagChips } from "./tag-chips";
import { useVersionActs } from "./version-acts";
import { VersionMenu } from "./version-menu";
import { VersionState } from "./version-table";

const VERSIONS = 100;
const COMMIT_SHOWN = 8;

interface Props {
  /** The files of a version, which are a feature of their own. */
  files: (version: ModelVersion) => ReactNode;
}

/** One version of a registered model: what it takes, how good it is, where it comes from. */
export function VersionPage({ files }: Props) {
  const name = usePathPart(1);
  const number = usePathPart(3);
  const asked = useMemo(() => [number], [number]);
  const { data, error, refetch } = useVersions(name, asked);
  const { data: page } = useModel(name, VERSIONS);
  const hint = useNotForYou(error);
  useCrumbs([
    { label: "Models", href: "/models" },
    { label: name, href: modelPath(name) },
    { label: `Version ${number}` },
  ]);
  if (error && !data) {
    const retry = () => void refetch();
    return <Failure page title="The version could not be read" error={error} hint={hint} retry={retry} />;
  }
  const version = data?.versions[0];
  if (!version || version.version !== String(Number(number))) {
    return (
      <div className="page-inner">
        <SkeletonRows rows={14} />
      </div>
    );
  }
  return (
    <>
      <GoneNotice what="version" error={error} />
      <Access permission={page?.permission}>
        <Loaded key={`${name} ${number}`} version={version} shown={data} page={page} files={files} />
      </Access>
    </>
  );
}

interface LoadedProps extends Props {
  version: ModelVersion;
  shown: VersionColumns;
  page: ModelPage | undefined;
}

function Loaded({ version, shown, page, files }: LoadedProps) {
  const { name } = version;
  const [, navigate] = useLocation();
  const mayEdit = useMay("EDIT");
  const locked = useMay("MANAGE") ? [] : (page?.protected ?? []);
  const acts = useVersionActs({
    name,
    versions: [version.version],
    aliases: page?.model.aliases ?? [],
    guarded: [...new Set(page?.rules.map((rule) => rule.guards))],
    locked,
    onDeleted: () => navigate(modelPath(name), { replace: true }),
  });
  const describe = useRegistryWrite("updateModelVersion");
  const chosen = new URLSearchParams(useQueryText()).get("tab") ?? "overview";
  useKeys({
    a: (event) => {
      event.preventDefault();
      if (mayEdit) acts.setAlias(version.version);
    },
  });
  const overview = () => (
    <Boundary what="The overview">
      <div className="overview">
        <Description
          what="version"
          text={version.description ?? ""}
          onSave={(description) => describe.mutateAsync({ name, version: version.version, description })}
        />
        <Overview version={version} shown={shown} />
      </div>
    </Boundary>
  );
  return (
    <div className="page scrolls">
      <div className="page-inner model-page">
        <VersionHead version={version} shown={shown} page={page} acts={acts} />
        <Tabs
          label="Parts of the version"
          chosen={chosen}
          onChoose={(tab) => setParameters({ tab: tab === "overview" ? "" : tab, path: "" })}
          tabs={[
            { name: "overview", label: "Overview", content: overview },
            { name: "files", label: "Files", content: () => <Boundary what="The files">{files(version)}</Boundary> },
          ]}
        />
      </div>
      {acts.dialog}
    </div>
  );
}

interface HeadProps {
  version: ModelVersion;
  shown: VersionColumns;
  page: ModelPage | undefined;
  acts: ReturnType<typeof useVersionActs>;
}

function VersionHead({ version, shown, page, acts }: HeadProps) {
  const { name } = version;
  const setTag = useRegistryWrite("setModelVersionTag");
  const dropTag = useRegistryWrite("deleteModelVersionTag");
  const which = { name, version: version.version };
  const other = page && comparable(version.version, page);
  return (
    <header className="run-header">
      <div className="run-title">
        <h1 className="run-name">
          <bdi>{name}</bdi> <span className="muted">version</span> {version.version}
        </h1>
        {(version.aliases ?? []).map((alias) => (
          <AliasPill key={alias} alias={alias} />
        ))}
        <StageChip stage={version.current_stage} />
        <VersionState version={version} />
        <span className="spring" />
        {other && (
          <Link
            className="button wide-only"
            href={`${modelPath(name, "compare")}?versions=${other.version},${version.version}`}
          >
            Compare with {other.label}
          </Link>
        )}
        <May level="EDIT">
          <button type="button" className="button primary" onClick={() => acts.setAlias(version.version)}>
            <Icon name="at" />
            Set alias
          </button>
        </May>
        <VersionMenu version={version} onAct={acts.act} />
      </div>
      <dl className="run-facts">
        <Fact label="Registered">
          <Ago time={version.creation_timestamp} />
        </Fact>
        <SourceFacts version={version} shown={shown} />
        <Fact label="Source">
          <code className="truncate source-text" title={version.source}>
            {version.source}
          </code>
          <CopyButton text={version.source ?? ""} label="Copy the source" />
        </Fact>
      </dl>
      <TagChips
        tags={version.tags ?? []}
        onSet={(key, value) => setTag.mutateAsync({ ...which, key, value })}
        onRemove={(key) => dropTag.mutateAsync({ ...which, key })}
      />
    </header>
  );
}

/** What one would compare the version with: the one in use, else the newest. */
function comparable(version: string, { model, versions }: ModelPage): { version: string; label: string } | undefined {
  const main = mainAlias(model.aliases ?? []);
  if (main && main.version !== version) return { version: main.version, label: `@${main.alias}` };
  const newest = versions.versions[0]?.version;
  return newest !== undefined && newest !== version ? { version: newest, label: `version ${newest}` } : undefined;
}

function SourceFacts({ version, shown }: { version: ModelVersion; shown: VersionColumns }) {
  const runName = shown.columns["attributes.run_name"]?.[0];
  const modelName = shown.columns["attributes.model_name"]?.[0];
  return (
    <>
      {version.run_id && (
        <Fact label="Run">
          <Link href={`/runs/${version.run_id}`}>
            <bdi>{runName ?? version.run_id}</bdi>
          </Link>
        </Fact>
      )}
      {version.model_id && (
        <Fact label="Logged model">
          <Link href={`/m/${version.model_id}`}>
            <bdi>{modelName ?? version.model_id}</bdi>
          </Link>
        </Fact>
      )}
    </>
  );
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Overview({ version, shown }: { version: ModelVersion; shown: VersionColumns }) {
  const asked = useMemo(() => [version.version], [version.version]);
  const { data: files, error, refetch } = useVersionFiles(version.name, asked);
  const { metrics, params } = useRecorded(shown.columns, 0);
  return (
    <>
      <VersionLineage version={version} />
      <div className="overview-columns">
        <div className="overview-column">
          <ValueCard title="Metrics" empty="Neither its run nor its logged model has metrics." rows={metrics} numeric />
          <ValueCard title="Params" empty="No params were logged." rows={params} />
          <LoadCard
            name={version.name}
            aliases={(version.aliases ?? []).map((alias) => ({ alias }))}
            version={version.version}
          />
        </div>
        <div className="overview-column">
          {error ? (
            <Failure small title="The files could not be read" error={error} retry={() => void refetch()} />
          ) : (
            <ModelCards files={files?.[0]} linked={Boolean(version.model_id)} />
          )}
        </div>
      </div>
    </>
  );
}

function VersionLineage({ version }: { version: ModelVersion }) {
  const { data, error, refetch } = useLineage(version.name, version.version);
  if (error) return <Failure small title="The lineage could not be read" error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={3} height={40} />;
  return (
    <>
      <LineageCard lineage={lineageOf(version, data)} />
      <CodeFacts code={data.code ?? []} />
    </>
  );
}

const CODE = { source: "mlflow.source.name", commit: "mlflow.source.git.commit", branch: "mlflow.source.git.branch" };

/** The code that made the version, as far as tags tell. */
function CodeFacts({ code }: { code: RunTag[] }) {
  const tags = new Map(code.map(({ key, value = "" }) => [key, value]));
  const commit = tags.get(CODE.commit);
  const source = tags.get(CODE.source);
  const branch = tags.get(CODE.branch);
  if (!commit && !source) return null;
  return (
    <p className="commit-line">
      <span className="muted">Code</span>
      {source && <span title={source}>{source.split(/[\\/]/).at(-1)}</span>}
      {commit && (
        <>
          <span className="muted">at commit</span> <code title={commit}>{commit.slice(0, COMMIT_SHOWN)}</code>
          {branch && <span className="muted">on {branch}</span>}
          <CopyButton text={commit} label="Copy the git commit" />
        </>
      )}
    </p>
  );
}

/** From the data that the run read to the aliases of the version. */
function lineageOf(version: ModelVersion, from: ModelLineageResponse): Lineage {
  const { run, logged_model: logged, datasets = [] } = from;
  return [
    datasets.map(({ name, digest, contexts = [], metrics = [] }) => {
      const node = { id: `${name} ${digest}`, kind: "Dataset", name: name || digest };
      const use = contexts.join(", ") || (metrics.length > 0 ? "measured on" : "");
      return use ? { ...node, detail: use } : node;
    }),
    run ? [{ id: run.run_id, kind: "Run", name: calledBy(run.run_name, run.run_id), href: `/runs/${run.run_id}` }] : [],
    logged ? [{ id: logged.model_id, kind: "Logged model", name: logged.name, href: `/m/${logged.model_id}` }] : [],
    [{ id: version.version, kind: "Version", name: `${version.name} ${version.version}` }],
    (version.aliases ?? []).map((alias) => ({
      id: alias,
      kind: "Alias",
      name: `@${alias}`,
      href: modelPath(version.name),
    })),
  ];
}
