import { useState } from "react";
import { Link } from "wouter";
import type { HomeRun } from "../../api/generated";
import { Icon } from "../../components/icons";
import { Snippet } from "../../components/states";
import { Status } from "../../components/status";
import { Tabs } from "../../components/tabs";
import { calledBy } from "../../lib/columns";

function codeOf(server: string): Record<string, { label: string; install: string; code: string }> {
  return {
    assay: {
      label: "Assay",
      install: "pip install assay",
      code: [
        "import assay",
        "",
        `assay.set_tracking_uri("${server}")`,
        'assay.set_experiment("first-steps")',
        "with assay.start_run():",
        '    assay.log_param("learning_rate", 0.01)',
        "    for step in range(100):",
        '        assay.log_metric("accuracy", 1 - 1 / (step + 1), step=step)',
      ].join("\n"),
    },
    autolog: {
      label: "scikit-learn",
      install: 'pip install "assay[sklearn]"',
      code: [
        "import assay",
        "from sklearn.datasets import load_wine",
        "from sklearn.ensemble import RandomForestClassifier",
        "",
        `assay.set_tracking_uri("${server}")`,
        'assay.set_experiment("first-steps")',
        "assay.autolog()",
        "RandomForestClassifier(max_depth=4).fit(*load_wine(return_X_y=True))",
      ].join("\n"),
    },
    mlflow: {
      label: "Code that uses MLflow",
      install: "# nothing to install: MLflow's client speaks to this server",
      code: [`export MLFLOW_TRACKING_URI=${server}`, "python train.py"].join("\n"),
    },
  };
}

/** What a newcomer needs: code to paste, with this server's address, and the promise that its run will show here. */
export function FirstRun() {
  const [chosen, setChosen] = useState("assay");
  const codes = codeOf(location.origin);
  return (
    <section className="first-run" aria-labelledby="first-run">
      <h2 id="first-run">Log a first run</h2>
      <p className="muted">Run this where you train. It takes a minute.</p>
      <Tabs
        label="How you log"
        chosen={chosen}
        onChoose={setChosen}
        tabs={Object.entries(codes).map(([name, { label, install, code }]) => ({
          name,
          label,
          content: () => (
            <div className="first-run-code">
              <Snippet code={install} label="Command that installs it" />
              <Snippet code={code} label="Code that logs a run" />
            </div>
          ),
        }))}
      />
      <p className="first-run-waiting" role="status">
        <span className="live-dot" aria-hidden="true" />
        Waiting for the first run… It will appear here by itself.
      </p>
    </section>
  );
}

/** What the waiting turns into. */
export function FirstRunArrived({ run }: { run: HomeRun }) {
  return (
    <section className="card first-run-here" aria-label="Your first run" role="status">
      <Icon name="check" />
      <span className="first-run-words">
        <strong>Your first run is here</strong>
        <span className="truncate">
          <bdi>{calledBy(run.run_name, run.run_id)}</bdi> in <bdi>{run.experiment_name}</bdi>
        </span>
      </span>
      <Status status={run.status} />
      <Link className="button primary" href={`/runs/${run.run_id}`}>
        Open the run
      </Link>
    </section>
  );
}
