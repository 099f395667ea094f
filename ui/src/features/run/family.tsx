import { useMemo } from "react";
import { Link } from "wouter";
import type { RunInfo } from "../../api/generated";
import { PARENT_TAG, useChildRuns } from "../../api/queries";
import { LongList } from "../../components/long-list";
import { Failure } from "../../components/states";
import { Status } from "../../components/status";
import { Value } from "../../components/value";
import { columnsOf, DURATION, labelOf, nameAt, STATUS } from "../../lib/columns";
import { formatCount, formatDuration } from "../../lib/format";
import { append, cellAt, EMPTY_FRAME, type Frame, textAt, withDuration } from "../../lib/frame";
import { compareHref, formatSearch, MOST_COMPARED } from "../../lib/url-state";

const ROW = 28;

/** The runs nested in a run, with the metric that most of them have; nothing where there is none. */
export default function ChildCard({ info }: { info: RunInfo }) {
  const { data, error, refetch } = useChildRuns(info);
  const frame = useMemo(() => (data ? withDuration(append(EMPTY_FRAME, data)) : EMPTY_FRAME), [data]);
  if (error && !data)
    return <Failure small title="The child runs could not be read" error={error} retry={() => void refetch()} />;
  if (!data || data.total === 0) return null;
  const metric = columnsOf(frame, "metrics")[0];
  const table = formatSearch({ q: `tags.${PARENT_TAG} = '${info.run_id}'` });
  return (
    <section className="card list-card" aria-label="Child runs">
      <header>
        <h2>Child runs</h2>
        <span className="muted">{formatCount(data.total)}</span>
        <span className="spring" />
        <Link className="button quiet" href={`/runs/${info.run_id}/sweep`}>
          Sweep
        </Link>
        {data.total > 1 && data.total <= MOST_COMPARED && (
          <Link className="button quiet" href={compareHref(data.run_ids)}>
            Compare
          </Link>
        )}
        <Link className="button quiet" href={`/experiments/${info.experiment_id}${table}`}>
          Show in table
        </Link>
      </header>
      <div className="child-row metric-head" aria-hidden="true">
        <span>Name</span>
        <span>Status</span>
        <span className="number truncate">{metric ? labelOf(metric) : ""}</span>
        <span className="number wide-only">Duration</span>
      </div>
      <LongList items={frame.runIds} rowHeight={ROW} label="Child runs" keyOf={(id) => id}>
        {(id) => <ChildRow frame={frame} row={frame.runIds.indexOf(id)} metric={metric} />}
      </LongList>
    </section>
  );
}

function ChildRow({ frame, row, metric }: { frame: Frame; row: number; metric: string | undefined }) {
  const id = frame.runIds[row] ?? "";
  const took = cellAt(frame, DURATION, row);
  return (
    <div className="child-row">
      <Link className="truncate" href={`/runs/${id}`}>
        <bdi>{nameAt(frame, row)}</bdi>
      </Link>
      <Status status={textAt(frame, STATUS, row)} />
      <span className="number">{metric && <Value cell={cellAt(frame, metric, row)} />}</span>
      <span className="number muted wide-only">{typeof took === "number" ? formatDuration(took) : ""}</span>
    </div>
  );
}
