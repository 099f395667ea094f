import { May } from "../../components/access";
import { Empty, Snippet } from "../../components/states";
import type { Fix } from "../../lib/filter-fix";
import type { TableState } from "../../lib/url-state";

interface Props {
  state: TableState;
  refused: boolean;
  experimentName: string;
  /** Whether the experiment is deleted, which takes no runs. */
  deleted: boolean;
  /** Names in the filter that no run has. */
  unknown: Array<{ name: string; fixes: Fix[] }>;
  onQuery: (query: string) => void;
}

/** What stands where there are no runs: why, and what to do. */
export function NoRuns({ state, refused, experimentName, deleted, unknown, onQuery }: Props) {
  if (state.query) {
    return (
      <Empty title={refused ? "The filter could not be read" : "No run matches the filter"} icon="search">
        <p className="state-message mono">{state.query}</p>
        {unknown.map(({ name, fixes }) => (
          <p key={name}>
            No run has <code>{name}</code>.{fixes.length > 0 && " Did you mean "}
            {fixes.map((fix) => (
              <button key={fix.label} type="button" className="link-button mono" onClick={() => onQuery(fix.query)}>
                {fix.label}?
              </button>
            ))}
          </p>
        ))}
        <button type="button" className="button" onClick={() => onQuery("")}>
          Clear the filter
        </button>
      </Empty>
    );
  }
  if (state.stage === "deleted") return <Empty title="No run was deleted" icon="trash" />;
  if (deleted) return <Empty title="No run of this experiment is active" icon="trash" />;
  const code = [
    "import assay",
    "",
    `assay.set_tracking_uri("${location.origin}")`,
    `assay.set_experiment(${JSON.stringify(experimentName)})`,
    "with assay.start_run():",
    '    assay.log_metric("accuracy", 0.93)',
  ].join("\n");
  return (
    <Empty title="No runs yet" icon="plus">
      <May level="EDIT">
        <Snippet code={code} label="Python code that logs a run to this experiment" />
      </May>
      <p className="muted" role="status">
        Waiting for the first run… it will appear here by itself.
      </p>
    </Empty>
  );
}
