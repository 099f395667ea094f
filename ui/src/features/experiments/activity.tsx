import { useState } from "react";
import { Link } from "wouter";
import type { Home, HomeRun } from "../../api/generated";
import { Ago, useNow } from "../../components/ago";
import { Boundary } from "../../components/boundary";
import { Icon, type IconName } from "../../components/icons";
import { useMedia } from "../../components/media";
import { Status } from "../../components/status";
import { Value } from "../../components/value";
import { calledBy } from "../../lib/columns";
import { formatCount, formatDateTime, formatDuration } from "../../lib/format";

const SHOWN = 5;
const SHOWN_NARROW = 3;
const NARROW = "(max-width: 767px)";
/** How many runs of each kind are asked for: as many as are shown at most. */
export const MOST_RUNS = 20;

/** What goes on across experiments. */
export function Activity({ home }: { home: Home }) {
  return (
    <section className="activity" aria-label="Runs of all experiments">
      <Card
        title="Running now"
        icon="play"
        total={home.running_total}
        runs={home.running}
        none="Nothing is running."
        time={(run) => <Elapsed since={run.start_time} />}
      />
      <Card title="Finished lately" icon="check" runs={home.finished} none="No run has finished yet." time={ended} />
      <Card title="Failed lately" icon="warning" runs={home.failed} none="No run has failed." time={ended} />
    </section>
  );
}

function ended(run: HomeRun) {
  const end = run.end_time ?? run.start_time;
  return (
    <>
      <span title={`Took ${formatDuration(end - run.start_time)}`}>{formatDuration(end - run.start_time)}</span>
      {" · "}
      <Ago time={end} />
    </>
  );
}

function Elapsed({ since }: { since: number }) {
  const now = useNow();
  return <span title={`Started ${formatDateTime(since)}`}>for {formatDuration(Math.max(0, now - since))}</span>;
}

interface CardProps {
  title: string;
  icon: IconName;
  runs: HomeRun[];
  none: string;
  time: (run: HomeRun) => React.ReactNode;
  /** How many there are, where it is known. */
  total?: number;
}

function Card(props: CardProps) {
  return (
    <Boundary what={`The card “${props.title}”`}>
      <Runs {...props} />
    </Boundary>
  );
}

function Runs({ title, icon, runs, none, time, total }: CardProps) {
  const [all, setAll] = useState(false);
  const few = useMedia(NARROW) ? SHOWN_NARROW : SHOWN;
  const shown = all ? runs : runs.slice(0, few);
  return (
    <section className="card activity-card" aria-label={title} data-kind={icon}>
      <header>
        <Icon name={icon} />
        <h2>{title}</h2>
        {total !== undefined && total > 0 && <span className="count">{formatCount(total)}</span>}
      </header>
      {runs.length === 0 && <p className="muted activity-none">{none}</p>}
      <ul>
        {shown.map((run) => (
          <RunLine key={run.run_id} run={run} time={time(run)} />
        ))}
      </ul>
      {runs.length > few && (
        <button type="button" className="button quiet activity-more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "Show fewer" : `Show ${runs.length - few} more`}
        </button>
      )}
    </section>
  );
}

function RunLine({ run, time }: { run: HomeRun; time: React.ReactNode }) {
  const name = calledBy(run.run_name, run.run_id);
  return (
    <li className="activity-run">
      <span className="activity-line">
        <Link className="truncate activity-name" href={`/runs/${run.run_id}`} title={name}>
          <bdi>{name}</bdi>
        </Link>
        {run.status === "KILLED" && <Status status={run.status} />}
        {run.metric && run.value !== null && (
          <span className="activity-metric" title={run.metric}>
            <span className="muted truncate">{run.metric}</span>
            <span className="tabular">
              <Value cell={run.value} />
            </span>
          </span>
        )}
      </span>
      <span className="activity-line muted">
        <Link className="truncate quiet-link" href={`/experiments/${run.experiment_id}`} title={run.experiment_name}>
          <bdi>{run.experiment_name}</bdi>
        </Link>
        <span className="activity-time">{time}</span>
      </span>
    </li>
  );
}
