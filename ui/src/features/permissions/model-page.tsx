import { useCrumbs } from "../../components/crumbs";
import { usePathPart } from "../../components/parameters";
import { modelPath } from "../../lib/models";
import { Permissions } from "./permissions";

/** Who may do what with a registered model. */
export default function ModelPermissionsPage() {
  const name = usePathPart(1);
  useCrumbs([{ label: "Models", href: "/models" }, { label: name, href: modelPath(name) }, { label: "Permissions" }]);
  return (
    <div className="page scrolls">
      <Permissions on={{ kind: "registered_model", id: name }} name={name} back={modelPath(name)} />
    </div>
  );
}
