import { useRegistryWrite } from "../../api/registry";
import { useMayGrant } from "../../components/access";
import { Icon } from "../../components/icons";
import { NameDialog } from "../../components/name-dialog";
import { attempt, tell } from "../../components/toast";

/** Have an alias be moved only by who manages the model, or, again, by who edits it. */
export function useProtection(name: string) {
  const write = useRegistryWrite("protectAlias");
  const put = (alias: string, wanted: boolean) => write.mutateAsync({ name, alias, protected: wanted });
  const turn = (alias: string, wanted: boolean) =>
    void attempt(`The alias @${alias} was not ${wanted ? "protected" : "opened"}`, async () => {
      await put(alias, wanted);
      const undo = () => turn(alias, !wanted);
      const told = wanted
        ? `Only who manages ${name} moves @${alias} now.`
        : `Who may edit ${name} moves @${alias} now, too.`;
      tell(told, { action: { label: "Undo", run: undo } });
    });
  return { put, turn, pending: write.isPending, error: write.error };
}

/** A button that protects an alias, or no longer; only for who manages the model. */
export function ProtectButton({ name, alias, on }: { name: string; alias: string; on: boolean }) {
  const { turn, pending } = useProtection(name);
  if (!useMayGrant()) return null;
  return (
    <button
      type="button"
      className="button quiet icon-only"
      aria-label={`Protect @${alias}`}
      aria-pressed={on}
      title={on ? "Protected: only who manages the model moves it" : "Protect: have only who manages the model move it"}
      disabled={pending}
      onClick={() => turn(alias, !on)}
    >
      <Icon name="lock" />
    </button>
  );
}

/** Says that an alias is protected. */
export function ProtectedChip() {
  return (
    <span className="chip" title="Only who manages the model moves it">
      <Icon name="lock" />
      protected
    </span>
  );
}

/** Asks which alias to protect: one that is there, or one to come. */
export function ProtectDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const { put, pending, error } = useProtection(name);
  const submit = async (given: string) => {
    const alias = given.replace(/^@/, "");
    await put(alias, true);
    tell(`Only who manages ${name} moves @${alias} now.`);
    onClose();
  };
  return (
    <NameDialog
      title="Protect an alias"
      verb="Protect"
      pending={pending}
      error={error}
      submit={submit}
      onClose={onClose}
    />
  );
}
