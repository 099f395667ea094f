import { useState } from "react";
import type { ModelVersion, RegisteredModelAlias } from "../../api/generated";
import { useRegistryWrite } from "../../api/registry";
import { attempt, tell } from "../../components/toast";
import { AliasDialog } from "./alias-dialog";
import { CopyDialog } from "./copy-dialog";
import { DeleteVersionDialog } from "./delete-dialog";
import { RefusalDialog } from "./gate-outcomes";
import type { VersionAct } from "./version-menu";

type Shown =
  | { dialog: "alias"; version?: string; alias?: string }
  | { dialog: "copy" | "delete"; version: ModelVersion }
  | { dialog: "refusal"; version: string; stage: string; error: Error };

interface Options {
  name: string;
  versions: string[];
  aliases: RegisteredModelAlias[];
  guarded: string[];
  locked: readonly string[];
  onDeleted?: () => void;
}

/** What can be done with the versions of a model, with the dialog that is open for it. */
export function useVersionActs({ name, versions, aliases, guarded, locked, onDeleted = () => undefined }: Options) {
  const [shown, setShown] = useState<Shown>();
  const stage = useRegistryWrite("transitionModelVersionStage");
  const close = () => setShown(undefined);

  function enter(version: ModelVersion, wanted: string): void {
    const from = version.current_stage ?? "None";
    const undo = () =>
      void attempt(`Version ${version.version} was not put back`, () =>
        stage.mutateAsync({ name, version: version.version, stage: from }),
      );
    stage.mutate(
      { name, version: version.version, stage: wanted },
      {
        onSuccess: () => {
          const place = wanted === "None" ? "out of every stage" : `in ${wanted}`;
          tell(`Version ${version.version} is ${place} now.`, { action: { label: "Undo", run: undo } });
        },
        onError: (error) => setShown({ dialog: "refusal", version: version.version, stage: wanted, error }),
      },
    );
  }

  function act(what: VersionAct, version: ModelVersion): void {
    if (typeof what === "object") enter(version, what.stage);
    else if (what === "alias") setShown({ dialog: "alias", version: version.version });
    else setShown({ dialog: what, version });
  }

  const dialog = (
    <>
      {shown?.dialog === "alias" && (
        <AliasDialog
          {...{ name, versions, aliases, guarded, locked }}
          {...(shown.version === undefined ? {} : { version: shown.version })}
          {...(shown.alias === undefined ? {} : { alias: shown.alias })}
          onClose={close}
        />
      )}
      {shown?.dialog === "copy" && <CopyDialog name={name} version={shown.version.version} onClose={close} />}
      {shown?.dialog === "delete" && (
        <DeleteVersionDialog
          name={name}
          version={shown.version.version}
          aliases={shown.version.aliases ?? []}
          onDeleted={onDeleted}
          onClose={close}
        />
      )}
      {shown?.dialog === "refusal" && (
        <RefusalDialog
          target={{ name, version: shown.version, stage: shown.stage }}
          error={shown.error}
          onClose={close}
        />
      )}
    </>
  );
  return {
    act,
    dialog,
    setAlias: (version: string) => setShown({ dialog: "alias", version }),
    moveAlias: (alias: string) => setShown({ dialog: "alias", alias }),
  };
}
