import { useLocation } from "wouter";
import { useWrite } from "../../api/queries";
import { NameDialog } from "../../components/name-dialog";

/** Asks for a name and creates an experiment, in a folder or outside of all. */
export function CreateExperimentDialog({ folder, onClose }: { folder: string; onClose: () => void }) {
  const create = useWrite("createExperiment", ["experiments"]);
  const [, navigate] = useLocation();
  const submit = async (name: string) => {
    const { experiment_id: id } = await create.mutateAsync({ name });
    navigate(`/experiments/${id}`);
  };
  return (
    <NameDialog
      title="New experiment"
      verb="Create"
      initial={folder ? `${folder}/` : ""}
      pending={create.isPending}
      error={create.error}
      submit={submit}
      onClose={onClose}
    />
  );
}

/** Asks for another name of an experiment. */
export function RenameExperimentDialog({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const rename = useWrite("updateExperiment", ["experiments", "experiment"]);
  const submit = async (next: string) => {
    await rename.mutateAsync({ experiment_id: id, new_name: next });
    onClose();
  };
  return (
    <NameDialog
      title="Rename the experiment"
      verb="Rename"
      initial={name}
      pending={rename.isPending}
      error={rename.error}
      submit={submit}
      onClose={onClose}
    />
  );
}
