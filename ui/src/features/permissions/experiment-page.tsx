import { useExperiment } from "../../api/queries";
import { useCrumbs } from "../../components/crumbs";
import { ExperimentParts } from "../../components/experiment-parts";
import { usePathPart } from "../../components/parameters";
import { Permissions } from "./permissions";

/** Who may do what with an experiment. */
export default function ExperimentPermissionsPage() {
  const id = usePathPart(1);
  const { data } = useExperiment(id);
  const name = data?.name ?? `Experiment ${id}`;
  useCrumbs([
    { label: "Experiments", href: "/" },
    { label: name, href: `/experiments/${id}` },
    { label: "Permissions" },
  ]);
  return (
    <div className="page scrolls">
      <div className="toolbar">
        <ExperimentParts experimentId={id} />
      </div>
      <Permissions on={{ kind: "experiment", id }} name={name} back={`/experiments/${id}`} />
    </div>
  );
}
