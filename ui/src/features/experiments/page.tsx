import "../../styles/home.css";
import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import type { Home } from "../../api/generated";
import { useExperiments, useHome } from "../../api/home";
import { Boundary } from "../../components/boundary";
import { useCrumbs } from "../../components/crumbs";
import { Icon } from "../../components/icons";
import { setParameters, useQueryText } from "../../components/parameters";
import { Failure, SkeletonRows } from "../../components/states";
import { Activity, MOST_RUNS } from "./activity";
import { CreateExperimentDialog } from "./create-dialog";
import { FirstRun, FirstRunArrived } from "./first-run";
import { ExperimentTree } from "./tree";

/** What goes on now, and all experiments, the last active first. */
export default function HomePage() {
  useCrumbs([{ label: "Experiments" }]);
  const home = useHome(MOST_RUNS);
  const { data, error, refetch } = useExperiments();
  const scroller = useRef<HTMLDivElement>(null);
  const firstRun = useFirstRun(home.data);
  const creating = new URLSearchParams(useQueryText()).get("new");
  return (
    <div className="page scrolls" ref={scroller}>
      <div className="page-inner home">
        <h1 className="visually-hidden">Home</h1>
        {home.error && (
          <Failure
            small
            title="What is running could not be read"
            error={home.error}
            retry={() => void home.refetch()}
          />
        )}
        {!home.data && !home.error && <ActivitySkeleton />}
        {firstRun.arrived && <FirstRunArrived run={firstRun.arrived} />}
        {home.data && (firstRun.waiting ? <FirstRun /> : <Activity home={home.data} />)}
        <div className="page-head">
          <h2 className="page-title">Experiments</h2>
          <span className="spring" />
          <Link className="button quiet" href="/trash" aria-label="Trash" title="Trash">
            <Icon name="trash" />
            <span className="wide-word">Trash</span>
          </Link>
          <button type="button" className="button" onClick={() => setParameters({ new: "experiment" })}>
            <Icon name="plus" />
            New experiment
          </button>
        </div>
        {error && (
          <Failure
            small={data !== undefined}
            title="The experiments could not be read"
            error={error}
            retry={() => void refetch()}
          />
        )}
        {!data && !error && <SkeletonRows rows={10} height={36} />}
        {data && data.length > 0 && (
          <Boundary what="The list of experiments">
            <ExperimentTree experiments={data} scroller={scroller} />
          </Boundary>
        )}
      </div>
      {creating !== null && (
        <CreateExperimentDialog
          folder={creating.startsWith("in:") ? creating.slice(3) : ""}
          onClose={() => setParameters({ new: "" })}
        />
      )}
    </div>
  );
}

/** Whether there is no run yet, and the run that came while this was on screen. */
function useFirstRun(home: Home | undefined) {
  const [waited, setWaited] = useState(false);
  const first = home?.running[0] ?? home?.finished[0] ?? home?.failed[0];
  const waiting = home !== undefined && first === undefined;
  useEffect(() => {
    if (waiting) setWaited(true);
  }, [waiting]);
  return { waiting, arrived: waited ? first : undefined };
}

function ActivitySkeleton() {
  return (
    <div className="activity">
      {[0, 1, 2].map((card) => (
        <div key={card} className="card activity-card">
          <SkeletonRows rows={5} height={46} />
        </div>
      ))}
    </div>
  );
}
