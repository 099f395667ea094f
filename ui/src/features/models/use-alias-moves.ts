import { useRegistryWrite } from "../../api/registry";
import { tell, tellError } from "../../components/toast";

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
    from === undefined
      ? remove.mutate({ name, alias, note: "undone" }, { onError: tellError })
      : back.mutate({ name, alias, expected_version: version, note: "undone" }, { onError: tellError });

  /** Set or move an alias. A gate may refuse it; if somebody else moved it meanwhile, nothing is changed. */
  async function move(wanted: AliasMove): Promise<void> {
    const { alias, version, from, note = "" } = wanted;
    await set.mutateAsync({ name, alias, version, expected_version: from ?? "", note });
    tell(`@${alias} stands for version ${version} now.`, { action: { label: "Undo", run: () => undo(wanted) } });
  }

  /** Back to the version that it stood for before. */
  function rollBack(alias: string, present: string): void {
    const again = () => back.mutate({ name, alias, note: "undone" }, { onError: tellError });
    back.mutate(
      { name, alias, expected_version: present },
      {
        onSuccess: ({ model_version: { version } }) =>
          tell(`@${alias} stands for version ${version} again.`, { action: { label: "Undo", run: again } }),
        onError: tellError,
      },
    );
  }

  function drop(alias: string, version: string): void {
    const again = () =>
      set.mutate({ name, alias, version, expected_version: "", note: "undone" }, { onError: tellError });
    remove.mutate(
      { name, alias },
      {
        onSuccess: () => tell(`Removed @${alias}.`, { action: { label: "Undo", run: again } }),
        onError: tellError,
      },
    );
  }

  return { move, rollBack, drop, pending: set.isPending, error: set.error };
}
