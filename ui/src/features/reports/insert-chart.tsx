import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { Dialog } from "../../components/dialog";
import { rankMetrics } from "../../lib/metrics";
import { chartBlock } from "../../lib/report";
import type { ChartTools } from "./tools";

interface Props {
  experimentId: string;
  tools: ChartTools;
  insert: (block: string) => void;
  onClose: () => void;
}

/** Asks what a new chart is to show. */
export function InsertChart({ experimentId, tools, insert, onClose }: Props) {
  const { data: keys = [] } = useQuery({
    queryKey: ["metrics of", experimentId],
    queryFn: () => tools.metrics(experimentId),
  });
  const [typed, setTyped] = useState<string>();
  const [filter, setFilter] = useState("");
  const [axis, setAxis] = useState("step");
  const listId = useId();
  const ranked = rankMetrics(keys);
  const metric = typed ?? ranked[0] ?? "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    insert(chartBlock({ metric: metric.trim(), filter: filter.trim(), runs: [], axis }));
    onClose();
  };
  return (
    <Dialog title="Put in a chart" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <label>
          Metric
          <input
            className="field mono"
            list={listId}
            value={metric}
            onChange={(event) => setTyped(event.target.value)}
          />
          <datalist id={listId}>
            {ranked.slice(0, 500).map((key) => (
              <option key={key} value={key} />
            ))}
          </datalist>
        </label>
        <label>
          Runs, as a filter
          <input
            className="field mono"
            placeholder="all runs: params.optimizer = 'adam'"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        </label>
        <label>
          X axis
          <select className="field" value={axis} onChange={(event) => setAxis(event.target.value)}>
            <option value="step">Step</option>
            <option value="relative">Time since the start</option>
            <option value="wall">Time</option>
          </select>
        </label>
        <footer>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={metric.trim() === ""}>
            Put in
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
