import { useRegistryWrite } from "../../api/registry";
import { attempt, tell } from "../../components/toast";

export interface AliasMove {
  alias: string;
  version: string;
  /** What it stands for now; undefined where there is no such alias yet. */
  from: string | undefined;
  note?: string;
}

/** Changes of a model's aliases, each with a way back that no gate is asked about. */
export function useAliasMoves(name: string) {
  const set = useRegistryWrite("setRegisteredModelAlias");
  const back = useRegistryWrite("rollbackAlias");
  const remove = useRegistryWrite("deleteRegisteredModelAlias");
  const undo = ({ alias, version, from }: AliasMove) =>
    attempt(`The alias @${alias} was not put back`, () =>
      from === undefined
        ? remove.mutateAsync({ name, alias, note: "undone" })
        : back.mutateAsync({ name, alias, expected_version: version, note: "undone" }),
    );

  /** Set or move an alias. A gate may refuse it; if somebody else moved it meanwhile, nothing is changed. */
  async function move(wanted: AliasMove): Promise<void> {
    const { alias, version, from, note = "" } = wanted;
    await set.mutateAsync({ name, alias, version, expected_version: from ?? "", note });
    tell(`@${alias} stands for version ${version} now.`, { action: { label: "Undo", run: () => void undo(wanted) } });
  }

  /** Back to the version that it stood for before. */
  function rollBack(alias: string, present: string): void {
    const failed = `The alias @${alias} was not moved back`;
    const again = () => void attempt(failed, () => back.mutateAsync({ name, alias, note: "undone" }));
    void attempt(failed, async () => {
      const { model_version: put } = await back.mutateAsync({ name, alias, expected_version: present });
      tell(`@${alias} stands for version ${put.version} again.`, { action: { label: "Undo", run: again } });
    });
  }

  function drop(alias: string, version: string): void {
    const again = () =>
      void attempt(`The alias @${alias} was not put back`, () =>
        set.mutateAsync({ name, alias, version, expected_version: "", note: "undone" }),
      );
    void attempt(`The alias @${alias} was not removed`, async () => {
      await remove.mutateAsync({ name, alias });
      tell(`Removed @${alias}.`, { action: { label: "Undo", run: again } });
    });
  }

  return { move, rollBack, drop, pending: set.isPending, error: set.error };
}
