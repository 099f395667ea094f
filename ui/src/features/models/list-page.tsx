import "../../styles/models.css";
import "../../styles/model-list.css";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import type { ModelSummaries, RegisteredModel } from "../../api/generated";
import { useModels, useRegistryWrite } from "../../api/registry";
import { Access } from "../../components/access";
import { Ago } from "../../components/ago";
import { useCrumbs } from "../../components/crumbs";
import { FilterBox } from "../../components/filter-box";
import { Icon } from "../../components/icons";
import { useLastGood } from "../../components/last-good";
import { MoreButton, useMore } from "../../components/more";
import { NameDialog } from "../../components/name-dialog";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, SkeletonRows, Snippet } from "../../components/states";
import { Value } from "../../components/value";
import type { Vocabulary } from "../../lib/filter-text";
import { firstLine, formatNumber, plural } from "../../lib/format";
import { byUse, isBetter, modelPath, type Standing, standingOf } from "../../lib/models";
import { AliasPill } from "./alias-pill";
import { ModelMenu } from "./model-menu";
import { TagText } from "./tag-chips";

const ORDERS = { name: "name ASC", "-updated": "last_updated_timestamp DESC", updated: "last_updated_timestamp ASC" };
type Order = keyof typeof ORDERS;

function readOrder(text: string | null): Order {
  return text !== null && text in ORDERS ? (text as Order) : "-updated";
}

/** All registered models, the last changed first. */
export default function ModelListPage() {
  useCrumbs([{ label: "Models" }]);
  const values = new URLSearchParams(useQueryText());
  const query = values.get("q") ?? "";
  const order = readOrder(values.get("sort"));
  const [creating, setCreating] = useState(false);
  const { data: answer, error, refetch, isPlaceholderData } = useModels(query, ORDERS[order]);
  const data = useLastGood(answer, "models");
  const refused = error !== null && query !== "" && "status" in error && error.status === 400;
  const none = data?.models.length === 0 && !error;
  return (
    <div className="page scrolls">
      <div className="page-inner">
        <div className="page-head">
          <h1>Models</h1>
          <button type="button" className="button" onClick={() => setCreating(true)}>
            <Icon name="plus" />
            New model
          </button>
        </div>
        {!(none && query === "") && (
          <FilterBox
            label="Filter models"
            example="name LIKE 'fraud%' AND tags.team = 'risk'"
            query={query}
            problem={refused ? error.message : undefined}
            vocabulary={vocabularyOf(data?.models ?? [])}
            onQuery={setQuery}
          />
        )}
        {error && !refused && (
          <Failure
            small={data !== undefined}
            title="The models could not be read"
            error={error}
            retry={() => void refetch()}
          />
        )}
        {!data && !error && <SkeletonRows rows={10} height={44} />}
        {data && data.models.length > 0 && (
          <ModelTable data={data} order={order} stale={isPlaceholderData || refused} />
        )}
        {none && (query === "" ? <FirstModel /> : <NoMatch query={query} />)}
      </div>
      {creating && <CreateDialog onClose={() => setCreating(false)} />}
    </div>
  );
}

function setQuery(query: string): void {
  setParameters({ q: query });
}

function vocabularyOf(models: RegisteredModel[]): Vocabulary {
  const tags = new Map<string, Set<string>>();
  for (const { key, value = "" } of models.flatMap((model) => model.tags ?? [])) {
    tags.set(`tags.${key}`, (tags.get(`tags.${key}`) ?? new Set()).add(value));
  }
  const names = ["name", ...tags.keys(), "creation_timestamp", "last_updated_timestamp"];
  const values = (name: string) =>
    name === "name" ? models.map((model) => model.name) : [...(tags.get(name) ?? new Set<string>())];
  return { names, values };
}

function CreateDialog({ onClose }: { onClose: () => void }) {
  const create = useRegistryWrite("createRegisteredModel");
  const [, navigate] = useLocation();
  const submit = async (name: string) => {
    await create.mutateAsync({ name });
    navigate(modelPath(name));
  };
  return (
    <NameDialog
      title="New model"
      verb="Create"
      pending={create.isPending}
      error={create.error}
      submit={submit}
      onClose={onClose}
    />
  );
}

function FirstModel() {
  const code = [
    "import assay",
    "from sklearn.linear_model import LogisticRegression",
    "",
    `assay.set_tracking_uri("${location.origin}")`,
    "model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])",
    "with assay.start_run():",
    '    assay.log_metric("accuracy", 0.93)',
    '    assay.sklearn.log_model(model, name="model", registered_model_name="fraud")',
  ].join("\n");
  return (
    <Empty title="Register a first model" icon="cube">
      <p className="muted">
        A registered model is a name for the versions of a model. Run this where you train, or press Register on a run
        that has logged one.
      </p>
      <Snippet code={code} label="Python code that registers a model" />
      <p className="muted" role="status">
        Waiting for the first model… it will appear here by itself.
      </p>
    </Empty>
  );
}

function NoMatch({ query }: { query: string }) {
  return (
    <Empty title="No model matches the filter" icon="search">
      <p className="state-message mono">{query}</p>
      <button type="button" className="button" onClick={() => setQuery("")}>
        Clear the filter
      </button>
    </Empty>
  );
}

function ModelTable({ data, order, stale }: { data: ModelSummaries; order: Order; stale: boolean }) {
  const { models, shown, permissions, next_page_token: more } = data;
  const rows = useMore(order);
  return (
    <>
      <div className="list-box">
        <table className={stale ? "list models-list stale" : "list models-list"}>
          <thead>
            <tr>
              <SortHead label="Name" sorted={order === "name" ? "ascending" : "none"} next="name" />
              <th scope="col" className="number">
                Latest
              </th>
              <th scope="col">Aliases</th>
              <th scope="col">Main metric</th>
              <th scope="col" className="wide-only">
                Tags
              </th>
              <SortHead
                label="Updated"
                sorted={order === "-updated" ? "descending" : order === "updated" ? "ascending" : "none"}
                next={order === "-updated" ? "updated" : "-updated"}
              />
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {models.slice(0, rows.limit).map((model, place) => (
              <Access key={model.name} permission={permissions[place]}>
                <ModelRow model={model} standing={standingOf(model.name, model.aliases ?? [], shown)} />
              </Access>
            ))}
          </tbody>
        </table>
      </div>
      <MoreButton more={rows} count={models.length} />
      <p className="muted list-foot" role="status">
        {more
          ? `The first ${plural(models.length, "model")} are shown. Filter to find the others.`
          : plural(models.length, "model")}
      </p>
    </>
  );
}

type Sorted = "ascending" | "descending" | "none";

function SortHead({ label, sorted, next }: { label: string; sorted: Sorted; next: Order }) {
  return (
    <th scope="col" aria-sort={sorted}>
      <button type="button" onClick={() => setParameters({ sort: next === "-updated" ? "" : next })}>
        {label}
        {sorted !== "none" && <Icon name={sorted === "descending" ? "fall" : "up"} />}
      </button>
    </th>
  );
}

function newest(model: RegisteredModel): string {
  const numbers = (model.latest_versions ?? []).map((one) => Number(one.version));
  return numbers.length > 0 ? String(Math.max(...numbers)) : "";
}

function ModelRow({ model, standing }: { model: RegisteredModel; standing: Standing | undefined }) {
  const latest = newest(model);
  return (
    <tr>
      <th scope="row" className="list-name">
        <Link href={modelPath(model.name)} title={model.name}>
          <bdi>{model.name}</bdi>
        </Link>
        {model.description && <span className="models-note truncate">{firstLine(model.description)}</span>}
      </th>
      <td className="number">
        {latest ? (
          <Link href={modelPath(model.name, "versions", latest)}>{latest}</Link>
        ) : (
          <span className="muted">–</span>
        )}
      </td>
      <td className={(model.aliases ?? []).length === 0 ? "models-aliases models-none" : "models-aliases"}>
        <span className="pills">
          {byUse(model.aliases ?? []).map(({ alias, version }) => (
            <AliasPill key={alias} alias={alias} model={model.name} version={version} />
          ))}
          {(model.aliases ?? []).length === 0 && <span className="muted">–</span>}
        </span>
      </td>
      <td className="models-metric">
        {standing ? <StandingText standing={standing} /> : <span className="muted">–</span>}
      </td>
      <td className="wide-only">
        <span className="pills">
          <TagText tags={model.tags ?? []} most={3} />
        </span>
      </td>
      <td className="list-time">
        <Ago time={model.last_updated_timestamp} />
      </td>
      <td className="list-actions">
        <ModelMenu name={model.name} latest={latest} aliases={(model.aliases ?? []).map((one) => one.alias)} />
      </td>
    </tr>
  );
}

/** The metric of the version in use, and what the latest one would change. */
function StandingText({ standing: { metric, chosen, latest } }: { standing: Standing }) {
  const first = chosen ?? latest!;
  const better = chosen && latest ? isBetter(metric, chosen.value, latest.value) : undefined;
  const differs = chosen !== undefined && latest !== undefined && latest.version !== chosen.version;
  const change = differs ? latest.value - chosen.value : 0;
  return (
    <>
      <span className="muted truncate models-metric-name" title={metric}>
        {metric}
      </span>{" "}
      <span className="tabular">
        <Value cell={first.value} />
      </span>{" "}
      {differs && (
        <span
          className={better === undefined ? "delta" : better ? "delta better" : "delta worse"}
          title={`Version ${latest.version}, the latest, has ${formatNumber(latest.value)}; version ${chosen.version}, @${chosen.alias}, has ${formatNumber(chosen.value)}`}
        >
          latest {change > 0 ? "+" : ""}
          {change === 0 ? "equal" : formatNumber(change)}
          {better !== undefined && <span className="visually-hidden">{better ? ", better" : ", worse"}</span>}
        </span>
      )}
    </>
  );
}
