import type { ModelVersion } from "../../api/generated";
import { May } from "../../components/access";
import { Icon } from "../../components/icons";
import { Popover } from "../../components/popover";

export type VersionAct = "alias" | "copy" | "delete" | { stage: string };

const STAGES = ["Staging", "Production", "Archived", "None"];

interface Props {
  version: ModelVersion;
  onAct: (act: VersionAct, version: ModelVersion) => void;
}

/** What the reader can do with a version: who may only read it, make another model of it. */
export function VersionMenu({ version, onAct }: Props) {
  const present = version.current_stage ?? "None";
  return (
    <Popover
      className="button quiet icon-only"
      label={`Actions for version ${version.version}`}
      button={<Icon name="more" />}
    >
      {(close) => {
        const act = (what: VersionAct) => {
          close();
          onAct(what, version);
        };
        return (
          <>
            <May level="EDIT">
              <button type="button" className="menu-item" onClick={() => act("alias")}>
                <Icon name="at" />
                Set an alias…
                <kbd className="kbd menu-key">a</kbd>
              </button>
            </May>
            <button type="button" className="menu-item" onClick={() => act("copy")}>
              <Icon name="copy" />
              Promote to another model…
            </button>
            <May level="EDIT">
              <div className="menu-line" />
              {STAGES.filter((stage) => stage !== present).map((stage) => (
                <button key={stage} type="button" className="menu-item" onClick={() => act({ stage })}>
                  <Icon name="right" />
                  {stage === "None" ? "Out of every stage" : `To ${stage}`}
                </button>
              ))}
            </May>
            <May level="MANAGE">
              <div className="menu-line" />
              <button type="button" className="menu-item" onClick={() => act("delete")}>
                <Icon name="trash" />
                Delete…
              </button>
            </May>
          </>
        );
      }}
    </Popover>
  );
}
