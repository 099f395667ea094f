import type { DragEvent } from "react";
import { Link } from "wouter";
import { Icon } from "../../components/icons";
import { Popover } from "../../components/popover";
import { Swatch } from "../../components/swatch";
import type { ComparedRun } from "./page";

const KIND = "application/x-assay-run";

interface Props {
  run: ComparedRun;
  isBaseline: boolean;
  first: boolean;
  last: boolean;
  onBaseline: (id: string | undefined) => void;
  onMove: (id: string, by: -1 | 1) => void;
  onDrop: (id: string, before: string) => void;
  onRemove: (id: string) => void;
}

/** The head of a run's column: click it to make the run the baseline, drag it to move the column. */
export function RunHead(props: Props) {
  const { run, isBaseline, onBaseline, onDrop } = props;
  const drop = (event: DragEvent) => {
    const id = event.dataTransfer.getData(KIND);
    if (id && id !== run.id) onDrop(id, run.id);
  };
  return (
    <th
      scope="col"
      className={isBaseline ? "compare-head baseline" : "compare-head"}
      draggable
      onDragStart={(event) => event.dataTransfer.setData(KIND, run.id)}
      onDragOver={(event) => event.dataTransfer.types.includes(KIND) && event.preventDefault()}
      onDrop={drop}
    >
      <div className="compare-run">
        <Swatch hue={run.hue} />
        <Link className="truncate" href={`/runs/${run.id}`} title={run.name} draggable={false}>
          <bdi>{run.name}</bdi>
        </Link>
        <Popover className="button quiet icon-only" label={`Column of ${run.name}`} button={<Icon name="more" />}>
          {(close) => <ColumnActs {...props} close={close} />}
        </Popover>
      </div>
      <button
        type="button"
        className={isBaseline ? "compare-base chip baseline" : "compare-base link-button"}
        aria-pressed={isBaseline}
        onClick={() => onBaseline(isBaseline ? undefined : run.id)}
      >
        {isBaseline ? "Baseline" : "Use as baseline"}
        <span className="visually-hidden"> {run.name}</span>
      </button>
      {run.deleted && <span className="chip warn">Deleted</span>}
    </th>
  );
}

function ColumnActs({ run, isBaseline, first, last, onMove, onRemove, close }: Props & { close: () => void }) {
  const then = (act: () => void) => () => {
    close();
    act();
  };
  return (
    <div className="menu-list">
      <button
        type="button"
        className="button quiet"
        disabled={first || isBaseline}
        onClick={then(() => onMove(run.id, -1))}
      >
        Move left
      </button>
      <button
        type="button"
        className="button quiet"
        disabled={last || isBaseline}
        onClick={then(() => onMove(run.id, 1))}
      >
        Move right
      </button>
      <button type="button" className="button quiet" onClick={then(() => onRemove(run.id))}>
        Leave out
      </button>
    </div>
  );
}
