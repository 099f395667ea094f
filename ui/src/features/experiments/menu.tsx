import { useState } from "react";
import { Link } from "wouter";
import { useWrite } from "../../api/queries";
import { May, useMay, useMayGrant } from "../../components/access";
import { Icon } from "../../components/icons";
import { Popover } from "../../components/popover";
import { attempt, tell } from "../../components/toast";
import { RenameExperimentDialog } from "./create-dialog";

/** What the reader can do with an experiment: rename, delete (and undo that), see who may do what; nothing, if nothing. */
export function ExperimentMenu({ id, name }: { id: string; name: string }) {
  const [renaming, setRenaming] = useState(false);
  const remove = useWrite("deleteExperiment", ["experiments"]);
  const restore = useWrite("restoreExperiment", ["experiments"]);
  const undo = () => void attempt(`${name} was not restored`, () => restore.mutateAsync({ experiment_id: id }));
  const drop = async () => {
    await remove.mutateAsync({ experiment_id: id });
    tell(`Deleted ${name}.`, { action: { label: "Undo", run: undo } });
  };
  const mayGrant = useMayGrant();
  if (!useMay("EDIT")) return null;
  return (
    <>
      <Popover className="button quiet icon-only" label={`Actions for ${name}`} button={<Icon name="more" />}>
        {(close) => (
          <>
            {mayGrant && (
              <Link className="menu-item" href={`/experiments/${id}/permissions`}>
                <Icon name="lock" />
                Permissions
              </Link>
            )}
            <button
              type="button"
              className="menu-item"
              onClick={() => {
                close();
                setRenaming(true);
              }}
            >
              <Icon name="pencil" />
              Rename
            </button>
            <May level="MANAGE">
              <button
                type="button"
                className="menu-item"
                onClick={() => {
                  close();
                  void attempt(`${name} was not deleted`, drop);
                }}
              >
                <Icon name="trash" />
                Delete
              </button>
            </May>
          </>
        )}
      </Popover>
      {renaming && <RenameExperimentDialog id={id} name={name} onClose={() => setRenaming(false)} />}
    </>
  );
}
