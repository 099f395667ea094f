import "../../styles/compare-table.css";
import "../../styles/compare.css";
import { useMemo } from "react";
import { useExtremes, useInputs, useSurroundings } from "../../api/compared";
import { Icon } from "../../components/icons";
import { setParameters, useQueryText } from "../../components/parameters";
import { Status } from "../../components/status";
import { Value } from "../../components/value";
import type { Cell } from "../../lib/cells";
import { DURATION, STATUS } from "../../lib/columns";
import {
  codeSection,
  countEqual,
  datasetSection,
  environmentSection,
  metricSection,
  paramSection,
  type Section,
  type Statistic,
  tagSection,
} from "../../lib/compare-rows";
import { formatDuration, plural } from "../../lib/format";
import { append, cellAt, EMPTY_FRAME, type Frame, textAt, withDuration } from "../../lib/frame";
import type { MainMetric } from "../../lib/metrics";
import { joinList } from "../../lib/url-state";
import type { ComparedRun } from "./page";
import { RunHead } from "./run-head";
import { SectionRows } from "./section-rows";

interface Props {
  frame: Frame;
  runs: ComparedRun[];
  /** The run that the others are compared with; -1 for none. */
  base: number;
  /** The main metric of the runs' experiment, whose direction was set by people. */
  main: MainMetric | undefined;
}

const STATISTICS: Array<[Statistic, string]> = [
  ["last", "Last"],
  ["min", "Least"],
  ["max", "Greatest"],
];

/** A column for each run, a line for each metric, param and tag; lines equal in all runs are left out at first. */
export function CompareTable({ frame, runs, base, main }: Props) {
  const values = new URLSearchParams(useQueryText());
  const everything = values.get("rows") === "all";
  const statistic = STATISTICS.find(([name]) => name === values.get("stat"))?.[0] ?? "last";
  const { sections, pending } = useSections(frame, statistic);
  const equal = countEqual(sections);
  const order = frame.runIds;
  const write = (ids: string[]) => setParameters({ runs: joinList(ids) });
  const onDrop = (id: string, before: string) => {
    const rest = order.filter((other) => other !== id);
    const backwards = order.indexOf(id) > order.indexOf(before);
    write(rest.toSpliced(rest.indexOf(before) + (backwards ? 0 : 1), 0, id));
  };
  const onMove = (id: string, by: -1 | 1) => {
    const at = order.indexOf(id) + by;
    write(order.filter((other) => other !== id).toSpliced(at, 0, id));
  };
  const onBaseline = (id: string | undefined) => setParameters({ base: id ?? "" });
  const onRemove = (id: string) =>
    setParameters({
      runs: joinList(order.filter((other) => other !== id)),
      ...(order[base] === id ? { base: "" } : {}),
    });
  return (
    <>
      <div className="compare-controls">
        <label className="check">
          <input
            type="checkbox"
            checked={!everything}
            onChange={(event) => setParameters({ rows: event.target.checked ? "" : "all" })}
          />
          Differences only
        </label>
        <span className="muted" role="status">
          {pending && "Reading environments…"}
          {!pending && (everything ? `${plural(equal, "row")} equal in all` : `${plural(equal, "equal row")} left out`)}
        </span>
        <fieldset className="segments" aria-label="Values of metrics">
          {STATISTICS.map(([name, label]) => (
            <button
              key={name}
              type="button"
              aria-pressed={statistic === name}
              onClick={() => setParameters({ stat: name === "last" ? "" : name })}
            >
              {label}
            </button>
          ))}
        </fieldset>
        {base >= 0 && (
          <button type="button" className="button" onClick={() => onBaseline(undefined)}>
            <Icon name="close" />
            No baseline
          </button>
        )}
      </div>
      <div className="compare-box card" tabIndex={0} role="region" aria-label="Comparison">
        <table className="compare-table">
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Name</span>
              </th>
              {runs.map((run, at) => (
                <RunHead
                  key={run.id}
                  run={run}
                  isBaseline={at === base}
                  first={at === 0 || at - 1 === base}
                  last={at === runs.length - 1}
                  onBaseline={onBaseline}
                  onMove={onMove}
                  onDrop={onDrop}
                  onRemove={onRemove}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            <FactRows frame={frame} base={base} />
            {sections.map((section) => (
              <SectionRows
                key={section.title}
                frame={frame}
                section={section}
                everything={everything}
                base={base}
                main={main}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** All that is compared; what takes longer to read comes when it is there. */
function useSections(frame: Frame, statistic: Statistic): { sections: Section[]; pending: boolean } {
  const extremes = useExtremes(frame, statistic);
  const inputs = useInputs(frame);
  const { texts, pending } = useSurroundings(frame);
  const known = texts.map((text) => text?.length ?? -1).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts are new arrays each time, with the same content
  const environment = useMemo(() => environmentSection(frame, texts), [frame, known]);
  const sections = useMemo(() => {
    const least = extremes.data && statistic !== "last" ? append(EMPTY_FRAME, extremes.data) : undefined;
    return [
      metricSection(frame, least && statistic !== "last" ? { frame: least, statistic } : undefined),
      paramSection(frame),
      tagSection(frame),
      codeSection(frame),
      datasetSection(inputs.data ?? []),
      environment,
    ];
  }, [frame, extremes.data, statistic, inputs.data, environment]);
  return { sections, pending };
}

function FactRows({ frame, base }: { frame: Frame; base: number }) {
  const timed = useMemo(() => withDuration(frame), [frame]);
  const marked = (row: number) => (row === base ? "baseline" : undefined);
  return (
    <>
      <tr>
        <th scope="row">Status</th>
        {frame.runIds.map((id, row) => (
          <td key={id} className={marked(row)}>
            <Status status={textAt(frame, STATUS, row)} />
          </td>
        ))}
      </tr>
      <tr>
        <th scope="row">Duration</th>
        {frame.runIds.map((id, row) => (
          <td key={id} className={marked(row)}>
            <DurationValue span={cellAt(timed, DURATION, row)} />
          </td>
        ))}
      </tr>
    </>
  );
}

function DurationValue({ span }: { span: Cell }) {
  return typeof span === "number" ? <span>{formatDuration(span)}</span> : <Value cell={null} />;
}
