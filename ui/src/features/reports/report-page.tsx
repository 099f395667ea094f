import "../../styles/report.css";
import { type ReactNode, useState } from "react";
import { Link, useLocation } from "wouter";
import type { Report } from "../../api/generated";
import { useExperiment } from "../../api/queries";
import { useReport, useReportWrite } from "../../api/reports";
import { useNotForYou } from "../../api/session";
import { Access, May, useMay } from "../../components/access";
import { Ago } from "../../components/ago";
import { useCrumbs } from "../../components/crumbs";
import { Icon } from "../../components/icons";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, SkeletonRows } from "../../components/states";
import { attempt, tell } from "../../components/toast";
import { includes } from "../../lib/levels";
import { formatFrozen, parseFrozen, reportParts } from "../../lib/report";
import { ReportBody } from "./body";
import { ReportEditor } from "./editor";
import { exportReport } from "./export";
import type { ChartTools } from "./tools";

/** One report: read, written, frozen, taken along. */
export function ReportPage({ reportId, tools }: { reportId: string; tools: ChartTools }) {
  const editing = new URLSearchParams(useQueryText()).get("edit") === "on";
  const { data, error, refetch } = useReport(reportId);
  const { report, permission } = data ?? {};
  const hint = useNotForYou(error);
  const { data: experiment } = useExperiment(report?.experiment_id);
  useCrumbs([
    { label: "Reports", href: "/reports" },
    ...(experiment ? [{ label: experiment.name, href: `/reports?experiment=${experiment.experiment_id}` }] : []),
    { label: report?.title ?? "Report" },
  ]);
  if (error && !report) {
    return <Failure page title="The report could not be read" error={error} hint={hint} retry={() => void refetch()} />;
  }
  if (!report) {
    return (
      <div className="page-inner narrow">
        <SkeletonRows rows={12} />
      </div>
    );
  }
  if (editing && includes(permission, "EDIT")) return <ReportEditor key={reportId} report={report} tools={tools} />;
  return (
    <Access permission={permission}>
      <ReportView report={report} tools={tools} />
    </Access>
  );
}

function ReportView({ report, tools }: { report: Report; tools: ChartTools }) {
  const { freeze, pending } = useFreezing(report, tools);
  const { text = "", frozen = "", title } = report;
  const parts = reportParts(text);
  const charts = parts.filter((part) => part.kind === "chart");
  const mayEdit = useMay("EDIT");
  return (
    <div className="page scrolls">
      <article className="page-inner report">
        <header className="report-head">
          <div className="report-words">
            <h1>
              <bdi>{title}</bdi>
            </h1>
            <p className="muted">
              {report.created_by && `${report.created_by} · `}changed <Ago time={report.last_update_time ?? 0} />
            </p>
          </div>
          <ReportActs report={report} tools={tools} />
        </header>
        {parts.length === 0 && (
          <Empty title="Nothing is written yet" icon="pencil">
            <May level="EDIT">
              <Link className="button" href={`/reports/${report.report_id}?edit=on`}>
                Write it
              </Link>
            </May>
          </Empty>
        )}
        <ReportBody
          text={text}
          experimentId={report.experiment_id}
          frozen={parseFrozen(frozen)}
          tools={tools}
          freezing={pending}
          onFreeze={mayEdit ? freeze : undefined}
        />
        {charts.length > 0 && <p className="visually-hidden">{charts.length} charts</p>}
      </article>
    </div>
  );
}

/** Keeps the data of a chart with the report, or lets go of it. */
function useFreezing(report: Report, tools: ChartTools) {
  const update = useReportWrite("updateReport");
  const [pending, setPending] = useState<string>();
  const work = async (body: string, on: boolean) => {
    const frozen = parseFrozen(report.frozen ?? "");
    frozen[body] = on ? await tools.freeze(body, report.experiment_id) : undefined;
    await update.mutateAsync({
      report_id: report.report_id,
      frozen: formatFrozen(frozen, report.text ?? ""),
      expected_revision: report.revision,
    });
  };
  const freeze = (body: string, on: boolean) => {
    setPending(body);
    void attempt(`The chart was not ${on ? "frozen" : "thawed"}`, async () => {
      await work(body, on);
      tell(on ? "The chart keeps what it shows now." : "The chart is live again.");
    }).finally(() => setPending(undefined));
  };
  return { freeze, pending };
}

function ReportActs({ report, tools }: { report: Report; tools: ChartTools }): ReactNode {
  const [, navigate] = useLocation();
  const [exporting, setExporting] = useState(false);
  const remove = useReportWrite("deleteReport");
  const create = useReportWrite("createReport");
  const update = useReportWrite("updateReport");
  const undo = async () => {
    const { experiment_id, title, text, frozen } = report;
    const { report: made } = await create.mutateAsync({ experiment_id, title, text });
    if (frozen) await update.mutateAsync({ report_id: made.report_id, frozen });
    navigate(`/reports/${made.report_id}`);
  };
  const drop = () =>
    attempt(`${report.title} was not deleted`, async () => {
      await remove.mutateAsync({ report_id: report.report_id });
      navigate("/reports");
      const back = () => void attempt(`${report.title} was not restored`, undo);
      tell(`Deleted ${report.title}.`, { action: { label: "Undo", run: back } });
    });
  const take = () => {
    setExporting(true);
    void attempt("The report was not exported", () => exportReport(report, tools)).finally(() => setExporting(false));
  };
  return (
    <div className="report-acts">
      <May level="EDIT">
        <button type="button" className="button primary" onClick={() => setParameters({ edit: "on" }, { push: true })}>
          <Icon name="pencil" />
          Edit
        </button>
      </May>
      <button type="button" className="button" disabled={exporting} onClick={take}>
        <Icon name="download" />
        {exporting ? "Exporting…" : "Export"}
      </button>
      <May level="EDIT">
        <button
          type="button"
          className="button quiet icon-only"
          aria-label="Delete the report"
          onClick={() => void drop()}
        >
          <Icon name="trash" />
        </button>
      </May>
    </div>
  );
}
