import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useRegistryWrite } from "../../api/registry";
import { useMay, useMayGrant } from "../../components/access";
import { Icon } from "../../components/icons";
import { NameDialog } from "../../components/name-dialog";
import { Popover } from "../../components/popover";
import { modelPath } from "../../lib/models";
import { DeleteModelDialog } from "./delete-dialog";
import { ProtectDialog } from "./protection";

interface Props {
  name: string;
  latest: string;
  aliases: string[];
  /** Whether the page is the model's own, and has to be left with it. */
  own?: boolean;
}

type Shown = "rename" | "delete" | "protect";

/** What who manages a registered model can do with it: rename, delete, grant; nothing for others. */
export function ModelMenu({ name, latest, aliases, own = false }: Props) {
  const [shown, setShown] = useState<Shown>();
  const [, navigate] = useLocation();
  const rename = useRegistryWrite("renameRegisteredModel");
  const close = () => setShown(undefined);
  const mayGrant = useMayGrant();
  const submit = async (next: string) => {
    await rename.mutateAsync({ name, new_name: next });
    close();
    if (own) navigate(modelPath(next), { replace: true });
  };
  if (!useMay("MANAGE")) return null;
  return (
    <>
      <Popover className="button quiet icon-only" label={`Actions for ${name}`} button={<Icon name="more" />}>
        {(hide) => {
          const show = (dialog: Shown) => {
            hide();
            setShown(dialog);
          };
          return (
            <>
              {mayGrant && (
                <>
                  <Link className="menu-item" href={modelPath(name, "permissions")}>
                    <Icon name="lock" />
                    Permissions
                  </Link>
                  <button type="button" className="menu-item" onClick={() => show("protect")}>
                    <Icon name="shield" />
                    Protect an alias…
                  </button>
                  <div className="menu-line" />
                </>
              )}
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
      {shown === "protect" && <ProtectDialog name={name} onClose={close} />}
      {shown === "delete" && (
        <DeleteModelDialog
          {...{ name, latest, aliases, onClose: close }}
          onDeleted={() => own && navigate("/models", { replace: true })}
        />
      )}
    </>
  );
}
