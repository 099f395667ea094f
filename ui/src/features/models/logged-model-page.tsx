import "../../styles/models.css";
import "../../styles/model-page.css";
import "../../styles/version-page.css";
import { type ReactNode, useMemo } from "react";
import { Link } from "wouter";
import type { LoggedModel } from "../../api/generated";
import { useExperiment, usePermission, useRun } from "../../api/queries";
import { useLoggedModel, useRegistryWrite } from "../../api/registry";
import { useNotForYou } from "../../api/session";
import { Access } from "../../components/access";
import { Ago } from "../../components/ago";
import { Boundary } from "../../components/boundary";
import { CopyButton } from "../../components/copy";
import { useCrumbs } from "../../components/crumbs";
import { setParameters, usePathPart, useQueryText } from "../../components/parameters";
import { Failure, SkeletonRows, Snippet } from "../../components/states";
import { Tabs } from "../../components/tabs";
import { Value } from "../../components/value";
import { calledBy } from "../../lib/columns";
import { datasetNodes, type Lineage } from "../../lib/lineage";
import { latestPoints } from "../../lib/logged-models";
import { rankMetrics } from "../../lib/metrics";
import { modelPath } from "../../lib/models";
import { GoneNotice } from "./gone-notice";
import { LineageCard } from "./lineage-card";
import { ValueCard } from "./measured-cards";
import { RegisterButton } from "./register-button";
import { LoggedState, Registrations, registrationsOf } from "./registrations";
import { SideCard } from "./side-cards";
import { TagChips } from "./tag-chips";
import { Fact } from "./version-page";

interface Props {
  /** The files of a logged model, which are a feature of their own. */
  files: (model: LoggedModel) => ReactNode;
}

/** One logged model: what was measured of it, where it comes from, and a way into the registry. */
export function LoggedModelPage({ files }: Props) {
  const modelId = usePathPart(1);
  const { data: model, error, refetch } = useLoggedModel(modelId);
  const experimentId = model?.info.experiment_id;
  const experiment = useExperiment(experimentId);
  const permission = usePermission(experimentId);
  const hint = useNotForYou(error);
  const chosen = new URLSearchParams(useQueryText()).get("tab") ?? "overview";
  useCrumbs([
    { label: "Experiments", href: "/" },
    ...(experimentId
      ? [
          { label: experiment.data?.name ?? experimentId, href: `/experiments/${experimentId}` },
          { label: "Models", href: `/experiments/${experimentId}/models` },
        ]
      : []),
    { label: model?.info.name ?? modelId },
  ]);
  if (error && !model) {
    const retry = () => void refetch();
    return <Failure page title="The model could not be read" error={error} hint={hint} retry={retry} />;
  }
  if (!model) {
    return (
      <div className="page-inner">
        <SkeletonRows rows={14} />
      </div>
    );
  }
  return (
    <div className="page scrolls">
      <GoneNotice what="model" error={error} />
      <div className="page-inner model-page">
        <Access permission={permission}>
          <Head model={model} />
        </Access>
        <Tabs
          label="Parts of the model"
          chosen={chosen}
          onChoose={(tab) => setParameters({ tab: tab === "overview" ? "" : tab, path: "" })}
          tabs={[
            {
              name: "overview",
              label: "Overview",
              content: () => (
                <Boundary what="The overview">
                  <Overview model={model} />
                </Boundary>
              ),
            },
            { name: "files", label: "Files", content: () => <Boundary what="The files">{files(model)}</Boundary> },
          ]}
        />
      </div>
    </div>
  );
}

function Head({ model: { info } }: { model: LoggedModel }) {
  const { model_id: modelId, source_run_id: runId = "", name } = info;
  const setTags = useRegistryWrite("setLoggedModelTags");
  const dropTag = useRegistryWrite("deleteLoggedModelTag");
  const registered = registrationsOf(info).length > 0;
  return (
    <header className="run-header">
      <div className="run-title">
        <h1 className="run-name">
          <bdi>{name}</bdi>
        </h1>
        <LoggedState info={info} />
        <span className="spring" />
        <RegisterButton primary what={{ label: name, source: `models:/${modelId}`, runId, modelId }} />
      </div>
      <dl className="run-facts">
        <Fact label="Logged">
          <Ago time={info.creation_timestamp_ms} />
        </Fact>
        {info.model_type && <Fact label="Type">{info.model_type}</Fact>}
        <Fact label="Id">
          <code className="truncate">{modelId}</code>
          <CopyButton text={modelId} label="Copy the model's id" />
        </Fact>
        {registered && (
          <Fact label="Registered as">
            <Registrations info={info} />
          </Fact>
        )}
      </dl>
      <TagChips
        tags={info.tags ?? []}
        onSet={(key, value) => setTags.mutateAsync({ model_id: modelId, tags: [{ key, value }] })}
        onRemove={(key) => dropTag.mutateAsync({ model_id: modelId, tag_key: key })}
      />
    </header>
  );
}

function Overview({ model }: { model: LoggedModel }) {
  const { info, data } = model;
  const params = (data?.params ?? []).map(({ key, value = "" }): [string, string] => [key, value]);
  const uri = `models:/${info.model_id}`;
  const code = `import assay\n\nassay.set_tracking_uri("${location.origin}")\nmodel = assay.pyfunc.load_model("${uri}")`;
  return (
    <div className="overview">
      {info.source_run_id ? (
        <FromRun model={model} runId={info.source_run_id} />
      ) : (
        <LineageCard lineage={lineageOf(model, [])} />
      )}
      <div className="overview-columns">
        <div className="overview-column">
          <MetricTable model={model} />
        </div>
        <div className="overview-column">
          <ValueCard title="Params" empty="No params were logged with the model." rows={params} />
          <SideCard title="How to load it">
            <Snippet code={code} label="Python code that loads the model" />
          </SideCard>
        </div>
      </div>
    </div>
  );
}

function FromRun({ model, runId }: { model: LoggedModel; runId: string }) {
  const { data: run } = useRun(runId);
  const before: Lineage = [
    datasetNodes(run),
    [{ id: runId, kind: "Run", name: calledBy(run?.info.run_name, runId), href: `/runs/${runId}` }],
  ];
  return <LineageCard lineage={lineageOf(model, before)} />;
}

function lineageOf({ info }: LoggedModel, before: Lineage): Lineage {
  return [
    ...before,
    [{ id: info.model_id, kind: "Logged model", name: info.name }],
    registrationsOf(info).map(({ name, version }) => ({
      id: `${name} ${version}`,
      kind: "Version",
      name: `${name} ${version}`,
      href: modelPath(name, "versions", version),
    })),
  ];
}

/** The latest value of each metric on each dataset. */
function MetricTable({ model: { data } }: { model: LoggedModel }) {
  const points = useMemo(() => {
    const latest = latestPoints(data?.metrics ?? []);
    return rankMetrics([...new Set(latest.map((point) => point.key))]).flatMap((key) =>
      latest.filter((point) => point.key === key),
    );
  }, [data]);
  return (
    <section className="card list-card" aria-label="Metrics">
      <header>
        <h2>Metrics</h2>
        <span className="muted">{points.length}</span>
      </header>
      {points.length === 0 ? (
        <p className="muted list-empty">
          No metric was logged of this model. <code>assay.log_metrics(…, model_id=…)</code> does, and{" "}
          <code>assay.evaluate</code>.
        </p>
      ) : (
        <div className="table-box" tabIndex={0} role="region" aria-label="Metrics by dataset">
          <table className="list metric-table">
            <thead>
              <tr>
                <th scope="col">Metric</th>
                <th scope="col" className="number">
                  Value
                </th>
                <th scope="col">Dataset</th>
                <th scope="col">Run</th>
              </tr>
            </thead>
            <tbody>
              {points.map((point) => (
                <tr key={`${point.key} ${point.dataset_name} ${point.dataset_digest}`}>
                  <th scope="row">{point.key}</th>
                  <td className="number">
                    <Value cell={point.value} />
                  </td>
                  <td title={point.dataset_digest ?? ""}>{point.dataset_name ?? <span className="muted">–</span>}</td>
                  <td>
                    {point.run_id && (
                      <Link href={`/runs/${point.run_id}`}>
                        <code>{point.run_id.slice(0, 8)}</code>
                      </Link>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
