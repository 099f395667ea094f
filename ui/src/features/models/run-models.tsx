import "../../styles/models.css";
import { Link } from "wouter";
import type { LoggedModel, Run } from "../../api/generated";
import { useLoggedModels } from "../../api/registry";
import { Icon } from "../../components/icons";
import { notedModels } from "../../lib/logged-models";
import { RegisterButton } from "./register-button";
import { LoggedState, Registrations } from "./registrations";

const NOTED_TAG = "mlflow.log-model.history";

/** The models that a run logged, each with a way into the registry; nothing where there is none. */
export default function RunModels({ run: { info, data } }: { run: Run }) {
  const { data: found } = useLoggedModels(info.experiment_id, `source_run_id = '${info.run_id}'`);
  const logged = found?.models ?? [];
  const noted = notedModels(data.tags?.find((tag) => tag.key === NOTED_TAG)?.value);
  const names = new Set(logged.map((model) => model.info.name));
  const older = noted.filter((path) => !names.has(path));
  if (logged.length + older.length === 0) return null;
  return (
    <section className="card list-card" aria-label="Models">
      <header>
        <h2>Models</h2>
        <span className="muted">{logged.length + older.length}</span>
      </header>
      <ul>
        {logged.map((model) => (
          <Logged key={model.info.model_id} model={model} />
        ))}
        {older.map((path) => (
          <li key={path} className="run-model">
            <Icon name="folder" />
            <Link className="truncate" href={`/runs/${info.run_id}?tab=files&path=${encodeURIComponent(path)}`}>
              {path}
            </Link>
            <span className="spring" />
            <RegisterButton
              what={{ label: path, source: `runs:/${info.run_id}/${path}`, runId: info.run_id, modelId: "" }}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Logged({ model: { info } }: { model: LoggedModel }) {
  const { model_id: modelId, source_run_id: runId = "", name } = info;
  return (
    <li className="run-model">
      <Icon name="cube" />
      <Link className="truncate" href={`/m/${modelId}`}>
        <bdi>{name}</bdi>
      </Link>
      <LoggedState info={info} />
      <Registrations info={info} />
      <span className="spring" />
      <RegisterButton what={{ label: name, source: `models:/${modelId}`, runId, modelId }} />
    </li>
  );
}
