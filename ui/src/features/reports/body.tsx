import { Boundary } from "../../components/boundary";
import { Icon } from "../../components/icons";
import { Markdown } from "../../components/markdown";
import { parseSpec, reportParts } from "../../lib/report";
import type { ChartTools } from "./tools";

interface Props {
  text: string;
  experimentId: string;
  frozen: Record<string, unknown>;
  tools: ChartTools;
  /** The chart whose data is on its way. */
  freezing?: string | undefined;
  /** Without it, charts cannot be frozen here. */
  onFreeze?: ((body: string, on: boolean) => void) | undefined;
}

/** A report as its readers see it: Markdown, and charts in it. */
export function ReportBody({ text, experimentId, frozen, tools, freezing, onFreeze }: Props) {
  const seen = new Map<string, number>();
  return (
    <div className="report-body">
      {reportParts(text).map((part) => {
        const own = part.kind === "text" ? part.text : part.body;
        const times = (seen.get(own) ?? 0) + 1;
        seen.set(own, times);
        const key = `${part.kind} ${times} ${own}`;
        if (part.kind === "text") return <Markdown key={key} text={part.text} />;
        return (
          <ChartBlock
            key={key}
            body={part.body}
            experimentId={experimentId}
            kept={frozen[part.body]}
            tools={tools}
            pending={freezing === part.body}
            onFreeze={onFreeze}
          />
        );
      })}
    </div>
  );
}

interface BlockProps {
  body: string;
  experimentId: string;
  kept: unknown;
  tools: ChartTools;
  pending: boolean;
  onFreeze: Props["onFreeze"];
}

function ChartBlock({ body, experimentId, kept, tools, pending, onFreeze }: BlockProps) {
  const spec = parseSpec(body, experimentId);
  if (spec.problem) {
    return (
      <figure className="report-chart card">
        <p className="report-problem">
          <Icon name="warning" />
          {spec.problem}
        </p>
        <pre className="muted">{body}</pre>
      </figure>
    );
  }
  const frozen = kept !== undefined;
  return (
    <figure className="report-chart" aria-label={`Chart of ${spec.metric}`}>
      <Boundary what="This chart" resetKey={body}>
        {tools.draw(spec, kept)}
      </Boundary>
      <figcaption className="report-caption muted">
        <Icon name={frozen ? "freeze" : "play"} />
        {frozen ? "Frozen: shows what was kept" : "Live"}
        {onFreeze && (
          <button type="button" className="button quiet" disabled={pending} onClick={() => onFreeze(body, !frozen)}>
            {pending ? "Keeping…" : frozen ? "Make it live" : "Freeze"}
          </button>
        )}
      </figcaption>
    </figure>
  );
}
