import type { ReactNode } from "react";
import type { Run } from "../../api/generated";
import { Boundary } from "../../components/boundary";
import { DataCard } from "./data-card";
import { tagsOf } from "./facts";
import ChildCard from "./family";
import { LastWords } from "./last-words";
import { MetricCard } from "./metric-card";
import { NoteCard } from "./note-card";
import { NothingYet } from "./notices";
import { ParamCard } from "./param-card";
import { TagCard } from "./tag-card";

const NOTE_TAG = "mlflow.note.content";
const MOST_CHILDREN_HERE = 8;

interface Props {
  run: Run;
  /** The files of its top folder. */
  names: readonly string[];
  /** How many runs are nested in it. */
  nested: number;
  models: ReactNode;
}

/** A fault in one card stays there. */
const card = (what: string, content: ReactNode) => <Boundary what={what}>{content}</Boundary>;

/** What a run recorded, on one page; why it failed comes first. */
export default function RunOverview({ run, names, nested, models }: Props) {
  const isEmpty = (run.data.metrics ?? []).length + (run.data.params ?? []).length === 0;
  const childCard = card("The child runs", <ChildCard info={run.info} />);
  return (
    <div className="overview">
      {card("The end of the log", <LastWords run={run} names={names} />)}
      {card("The note", <NoteCard runId={run.info.run_id} note={tagsOf(run).get(NOTE_TAG) ?? ""} />)}
      <div className="overview-columns">
        <div className="overview-column">
          {isEmpty && nested > 0 && childCard}
          {isEmpty && nested === 0 ? <NothingYet run={run} /> : card("The metrics", <MetricCard run={run} />)}
          {card("The models", models)}
          {card("The data", <DataCard run={run} />)}
          {!isEmpty && nested <= MOST_CHILDREN_HERE && childCard}
        </div>
        <div className="overview-column">
          {card("The params", <ParamCard run={run} />)}
          {card("The tags", <TagCard run={run} />)}
        </div>
      </div>
    </div>
  );
}
