import { useRegistryWrite } from "../../api/registry";
import { LossDialog } from "../../components/loss-dialog";
import { tell } from "../../components/toast";

interface ModelProps {
  name: string;
  /** The number of the newest version, empty for none. */
  latest: string;
  aliases: string[];
  onDeleted: () => void;
  onClose: () => void;
}

/** Deletes a registered model, which nothing brings back. */
export function DeleteModelDialog({ name, latest, aliases, onDeleted, onClose }: ModelProps) {
  const remove = useRegistryWrite("deleteRegisteredModel");
  const confirm = () =>
    remove.mutate(
      { name },
      {
        onSuccess: () => {
          tell(`Deleted the model ${name}.`);
          onClose();
          onDeleted();
        },
      },
    );
  const [pending, error] = [remove.isPending, remove.error];
  return (
    <LossDialog
      title={`Delete ${name}?`}
      verb="Delete the model"
      proof={latest ? name : ""}
      {...{ pending, error, onConfirm: confirm, onClose }}
    >
      <p>
        {latest ? `Its versions up to ${latest}` : "It has no versions; its tags"}
        {aliases.length > 0 && `, ${aliases.map((alias) => `@${alias}`).join(", ")}`} and the history of its aliases go
        for good. Runs and files stay.
      </p>
      {aliases.length > 0 && (
        <p className="notice-text">{`Whoever loads models:/${name}@${aliases[0]} will fail from then on.`}</p>
      )}
    </LossDialog>
  );
}

interface VersionProps {
  name: string;
  version: string;
  aliases: string[];
  onDeleted: () => void;
  onClose: () => void;
}

/** Deletes a version, which nothing brings back. */
export function DeleteVersionDialog({ name, version, aliases, onDeleted, onClose }: VersionProps) {
  const remove = useRegistryWrite("deleteModelVersion");
  const confirm = () =>
    remove.mutate(
      { name, version },
      {
        onSuccess: () => {
          tell(`Deleted version ${version} of ${name}.`);
          onClose();
          onDeleted();
        },
      },
    );
  const [pending, error] = [remove.isPending, remove.error];
  return (
    <LossDialog
      title={`Delete version ${version} of ${name}?`}
      verb="Delete the version"
      proof={aliases.length > 0 ? version : ""}
      {...{ pending, error, onConfirm: confirm, onClose }}
    >
      <p>The version goes for good, and its number is not given again. Its run and its files stay.</p>
      {aliases.length > 0 && (
        <p className="notice-text">
          These aliases will stand for nothing: {aliases.map((alias) => `@${alias}`).join(", ")}
        </p>
      )}
    </LossDialog>
  );
}
