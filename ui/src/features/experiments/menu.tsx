import { useState } from "react";
import { useWrite } from "../../api/queries";
import { Icon } from "../../components/icons";
import { Popover } from "../../components/popover";
import { attempt, tell } from "../../components/toast";
import { RenameExperimentDialog } from "./create-dialog";

/** What can be done with an experiment: rename, delete (and undo that). */
export function ExperimentMenu({ id, name }: { id: string; name: string }) {
  const [renaming, setRenaming] = useState(false);
  const remove = useWrite("deleteExperiment", ["experiments"]);
  const restore = useWrite("restoreExperiment", ["experiments"]);
  const undo = () => void attempt(`${name} was not restored`, () => restore.mutateAsync({ experiment_id: id }));
  const drop = async () => {
    await remove.mutateAsync({ experiment_id: id });
    tell(`Deleted ${name}.`, { action: { label: "Undo", run: undo } });
  };
  return (
    <>
      <Popover className="button quiet icon-only" label={`Actions for ${name}`} button={<Icon name="more" />}>
        {(close) => (
          <>
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
          </>
        )}
      </Popover>
      {renaming && <RenameExperimentDialog id={id} name={name} onClose={() => setRenaming(false)} />}
    </>
  );
}
