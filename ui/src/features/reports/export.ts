import type { Report } from "../../api/generated";
import { download } from "../../components/download";
import { markdownMarkup } from "../../components/markdown-html";
import { formatDateTime } from "../../lib/format";
import { parseFrozen, parseSpec, type ReportPart, reportParts } from "../../lib/report";
import { escapeMarkup, fileName, reportFile } from "../../lib/report-file";
import type { ChartTools } from "./tools";

/** Save a report as one file: charts are drawings of what they show now, or of what was kept. */
export async function exportReport(report: Report, tools: ChartTools): Promise<void> {
  const frozen = parseFrozen(report.frozen ?? "");
  const body = await Promise.all(
    reportParts(report.text ?? "").map((part) => markupOf(part, frozen, report.experiment_id, tools)),
  );
  const told = [report.created_by, `as of ${formatDateTime(Date.now())}`].filter(Boolean).join(" · ");
  const file = new Blob([reportFile({ title: report.title, told, body })], { type: "text/html" });
  download(file, fileName(report.title));
}

async function markupOf(
  part: ReportPart,
  frozen: Record<string, unknown>,
  experimentId: string,
  tools: ChartTools,
): Promise<string> {
  if (part.kind === "text") return markdownMarkup(part.text);
  const spec = parseSpec(part.body, experimentId);
  if (spec.problem) return `<pre>${escapeMarkup(`${spec.problem}\n\n${part.body}`)}</pre>`;
  const kept = frozen[part.body] ?? (await tools.freeze(part.body, experimentId));
  const note = frozen[part.body] === undefined ? "" : "<figcaption>Frozen: shows what was kept</figcaption>";
  return `<figure>${await tools.svg(spec, kept)}${note}</figure>`;
}
