import "../../styles/models.css";
import "../../styles/model-page.css";
import { useMemo } from "react";
import { Link } from "wouter";
import type { LoggedModel } from "../../api/generated";
import { useExperiment, useRunColumns } from "../../api/queries";
import { useLoggedModels } from "../../api/registry";
import { Ago } from "../../components/ago";
import { useCrumbs } from "../../components/crumbs";
import { ExperimentParts } from "../../components/experiment-parts";
import { FilterBox } from "../../components/filter-box";
import { Icon } from "../../components/icons";
import { useLastGood } from "../../components/last-good";
import { MoreButton, useMore } from "../../components/more";
import { setParameters, usePathPart, useQueryText } from "../../components/parameters";
import { Empty, Failure, SkeletonRows, Snippet } from "../../components/states";
import { Value } from "../../components/value";
import { comparePlaces, placeOf } from "../../lib/cells";
import { columnsOf, keyOf, RUN_NAME, searchName } from "../../lib/columns";
import { plural } from "../../lib/format";
import type { Frame } from "../../lib/frame";
import { loggedFrame } from "../../lib/logged-models";
import { RegisterButton } from "./register-button";
import { LoggedState, Registrations } from "./registrations";

const METRICS = 5;
const ATTRIBUTES = ["name", "model_type", "status", "source_run_id", "creation_timestamp"];

/** The logged models of an experiment. */
export default function LoggedModelsPage() {
  const experimentId = usePathPart(1);
  const experiment = useExperiment(experimentId);
  const values = new URLSearchParams(useQueryText());
  const query = values.get("q") ?? "";
  const { data: answer, error, refetch } = useLoggedModels(experimentId, query);
  const data = useLastGood(answer, experimentId);
  const models = useMemo(() => data?.models ?? [], [data]);
  const frame = useMemo(() => loggedFrame(models), [models]);
  const name = experiment.data?.name ?? `Experiment ${experimentId}`;
  useCrumbs([
    { label: "Experiments", href: "/" },
    { label: name, href: `/experiments/${experimentId}` },
    { label: "Models" },
  ]);
  const refused = error !== null && query !== "" && "status" in error && error.status === 400;
  return (
    <>
      <h1 className="visually-hidden">Models of {name}</h1>
      <div className="toolbar">
        <ExperimentParts experimentId={experimentId} />
        <FilterBox
          label="Filter models"
          example="metrics.accuracy > 0.9 AND params.depth = '3'"
          query={query}
          problem={refused ? error.message : undefined}
          vocabulary={vocabularyOf(frame, models)}
          onQuery={setQuery}
        />
      </div>
      {error && !refused && (
        <Failure
          small={data !== undefined}
          title="The models could not be read"
          error={error}
          retry={() => void refetch()}
        />
      )}
      {!data && !error && <SkeletonRows rows={12} height={34} />}
      {data && models.length === 0 && <NoModels query={query} experimentName={name} />}
      {models.length > 0 && <ModelTable models={models} frame={frame} more={data?.next_page_token !== undefined} />}
    </>
  );
}

function setQuery(query: string): void {
  setParameters({ q: query });
}

function vocabularyOf(frame: Frame, models: LoggedModel[]) {
  const columns = (["metrics", "params"] as const).flatMap((kind) => columnsOf(frame, kind));
  const known = new Map(columns.map((column) => [searchName(column), column]));
  const values = (name: string) =>
    name === "name"
      ? [...new Set(models.map((model) => model.info.name))]
      : [...new Set((frame.columns.get(known.get(name) ?? "") ?? []).filter((cell) => cell !== null).map(String))];
  return { names: [...ATTRIBUTES, ...known.keys()], values };
}

function NoModels({ query, experimentName }: { query: string; experimentName: string }) {
  if (query !== "") {
    return (
      <Empty title="No model matches the filter" icon="search">
        <p className="state-message mono">{query}</p>
        <button type="button" className="button" onClick={() => setQuery("")}>
          Clear the filter
        </button>
      </Empty>
    );
  }
  const code = [
    "import assay",
    "",
    `assay.set_tracking_uri("${location.origin}")`,
    `assay.set_experiment(${JSON.stringify(experimentName)})`,
    "with assay.start_run():",
    '    assay.sklearn.log_model(model, name="model")',
  ].join("\n");
  return (
    <Empty title="No models yet" icon="cube">
      <Snippet code={code} label="Python code that logs a model to this experiment" />
      <p className="muted" role="status">
        Waiting for the first model… it will appear here by itself.
      </p>
    </Empty>
  );
}

interface TableProps {
  models: LoggedModel[];
  frame: Frame;
  more: boolean;
}

function ModelTable({ models, frame, more }: TableProps) {
  const sort = new URLSearchParams(useQueryText()).get("sort") ?? "";
  const metrics = columnsOf(frame, "metrics").slice(0, METRICS);
  const runIds = useMemo(
    () => [...new Set(models.map((model) => model.info.source_run_id ?? "").filter(Boolean))],
    [models],
  );
  const runs = useRunColumns(runIds).data;
  const runNames = useMemo(() => new Map(runs?.run_ids.map((id, row) => [id, runs.columns[RUN_NAME]?.[row]])), [runs]);
  const typed = models.some((model) => model.info.model_type);
  const part = useMore(sort);
  const rows = useMemo(() => ordered(frame, sort), [frame, sort]);
  return (
    <div className="page scrolls">
      <div className="table-box" tabIndex={0} role="region" aria-label="Models">
        <table className="list versions logged-table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              {metrics.map((column) => (
                <SortHead key={column} column={column} sort={sort} />
              ))}
              <th scope="col">Run</th>
              {typed && <th scope="col">Type</th>}
              <th scope="col">Registered as</th>
              <th scope="col">Created</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, part.limit).map((row) => {
              const { info } = models[row]!;
              const { model_id: modelId, source_run_id: runId = "", name } = info;
              return (
                <tr key={modelId}>
                  <th scope="row">
                    <span className="version-name">
                      <Link className="version-link" href={`/m/${modelId}`}>
                        <bdi>{name}</bdi>
                      </Link>
                      <LoggedState info={info} />
                    </span>
                  </th>
                  {metrics.map((column) => (
                    <td key={column} className="number">
                      <Value cell={frame.columns.get(column)?.[row]} />
                    </td>
                  ))}
                  <td className="version-source">
                    {runId && (
                      <Link className="truncate" href={`/runs/${runId}`}>
                        <bdi>{runNames.get(runId) ?? runId.slice(0, 8)}</bdi>
                      </Link>
                    )}
                  </td>
                  {typed && <td className="muted">{info.model_type}</td>}
                  <td>
                    <Registrations info={info} />
                  </td>
                  <td className="list-time">
                    <Ago time={info.creation_timestamp_ms} />
                  </td>
                  <td className="number">
                    <RegisterButton what={{ label: name, source: `models:/${modelId}`, runId, modelId }} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <MoreButton more={part} count={rows.length} />
      <p className="muted list-foot" role="status">
        {more
          ? `The newest ${plural(models.length, "model")} are shown. Filter to find the others.`
          : plural(models.length, "model")}
      </p>
    </div>
  );
}

function ordered(frame: Frame, sort: string): number[] {
  const rows = frame.runIds.map((_, row) => row);
  const cells = frame.columns.get(`metrics.${sort.replace(/^-/, "")}`);
  if (!cells) return rows;
  const places = rows.map((row) => placeOf(cells[row]));
  return rows.sort((left, right) => comparePlaces(places[left]!, places[right]!, sort.startsWith("-")));
}

function SortHead({ column, sort }: { column: string; sort: string }) {
  const key = keyOf(column);
  const sorted = sort === key ? "ascending" : sort === `-${key}` ? "descending" : "none";
  const next = sorted === "none" ? `-${key}` : sorted === "descending" ? key : "";
  return (
    <th scope="col" className="number" aria-sort={sorted}>
      <button type="button" onClick={() => setParameters({ sort: next })}>
        <span className="truncate version-metric" title={key}>
          {key}
        </span>
        {sorted !== "none" && <Icon name={sorted === "descending" ? "fall" : "up"} />}
      </button>
    </th>
  );
}
