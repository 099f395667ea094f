import { useState } from "react";
import { useLocation } from "wouter";
import { useRegistryWrite } from "../../api/registry";
import { Icon } from "../../components/icons";
import { NameDialog } from "../../components/name-dialog";
import { Popover } from "../../components/popover";
import { modelPath } from "../../lib/models";
import { DeleteModelDialog } from "./delete-dialog";

interface Props {
  name: string;
  latest: string;
  aliases: string[];
  /** Whether the page is the model's own, and has to be left with it. */
  own?: boolean;
}

/** What can be done with a registered model: rename, delete. */
export function ModelMenu({ name, latest, aliases, own = false }: Props) {
  const [shown, setShown] = useState<"rename" | "delete">();
  const [, navigate] = useLocation();
  const rename = useRegistryWrite("renameRegisteredModel");
  const close = () => setShown(undefined);
  const submit = async (next: string) => {
    await rename.mutateAsync({ name, new_name: next });
    close();
    if (own) navigate(modelPath(next), { replace: true });
  };
  return (
    <>
      <Popover className="button quiet icon-only" label={`Actions for ${name}`} button={<Icon name="more" />}>
        {(hide) => {
          const show = (dialog: "rename" | "delete") => {
            hide();
            setShown(dialog);
          };
          return (
            <>
              <button type="button" className="menu-item" onClick={() => show("rename")}>
                <Icon name="pencil" />
                Rename
              </button>
              <button type="button" className="menu-item" onClick={() => show("delete")}>
                <Icon name="trash" />
                Delete…
              </button>
            </>
          );
        }}
      </Popover>
      {shown === "rename" && (
        <NameDialog
          title="Rename the model"
          verb="Rename"
          initial={name}
          pending={rename.isPending}
          error={rename.error}
          submit={submit}
          onClose={close}
        />
      )}
      {shown === "delete" && (
        <DeleteModelDialog
          {...{ name, latest, aliases, onClose: close }}
          onDeleted={() => own && navigate("/models", { replace: true })}
        />
      )}
    </>
  );
}
