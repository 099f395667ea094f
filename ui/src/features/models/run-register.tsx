import type { Run } from "../../api/generated";
import { useLoggedModels } from "../../api/registry";
import { RegisterButton } from "./register-button";

/** Registers the model of a run that logged just one; the list of its models does so for several. */
export default function RunRegister({ run: { info } }: { run: Run }) {
  const { data: found } = useLoggedModels(info.experiment_id, `source_run_id = '${info.run_id}'`);
  const [model, another] = found?.models ?? [];
  if (!model || another) return null;
  const { model_id: modelId, name } = model.info;
  return <RegisterButton what={{ label: name, source: `models:/${modelId}`, runId: info.run_id, modelId }} />;
}
