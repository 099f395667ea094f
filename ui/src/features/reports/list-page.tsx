import "../../styles/report.css";
import { type FormEvent, useId, useState } from "react";
import { Link, useLocation } from "wouter";
import type { Report } from "../../api/generated";
import { useExperiments } from "../../api/home";
import { useReports, useReportWrite } from "../../api/reports";
import { Ago } from "../../components/ago";
import { useCrumbs } from "../../components/crumbs";
import { Dialog } from "../../components/dialog";
import { Icon } from "../../components/icons";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, FormFailure, SkeletonRows } from "../../components/states";
import { includes } from "../../lib/levels";

const FIRST_TEXT = "What was tried, and what came out of it.\n";

/** Reports of all experiments, or of the one that the address names. */
export default function ReportListPage() {
  useCrumbs([{ label: "Reports" }]);
  const values = new URLSearchParams(useQueryText());
  const experimentId = values.get("experiment") ?? "";
  const reports = useReports(experimentId);
  const { data: experiments } = useExperiments();
  const writable = (experiments ?? []).filter((one) => includes(one.permission, "EDIT"));
  const mayWrite = !experiments || writable.some((one) => !experimentId || one.experiment_id === experimentId);
  const names = new Map((experiments ?? []).map((one) => [one.experiment_id, one.name]));
  const found = reports.data?.pages.flatMap((page) => page.reports ?? []) ?? [];
  return (
    <div className="page scrolls">
      <div className="page-inner narrow">
        <div className="page-head">
          <h1>Reports</h1>
          {experimentId && (
            <span className="chip">
              {names.get(experimentId) ?? `experiment ${experimentId}`}
              <button
                type="button"
                className="chip-drop"
                aria-label="Reports of all experiments"
                onClick={() => setParameters({ experiment: "" })}
              >
                <Icon name="close" />
              </button>
            </span>
          )}
          <span className="spring" />
          {mayWrite && <NewButton />}
        </div>
        {reports.error && (
          <Failure
            small={reports.data !== undefined}
            title="The reports could not be read"
            error={reports.error}
            retry={() => void reports.refetch()}
          />
        )}
        {!reports.data && !reports.error && <SkeletonRows rows={8} height={48} />}
        {reports.data && found.length === 0 && (
          <Empty title="No report yet" icon="book">
            <p className="muted">
              A report is a page of Markdown with charts that stay live until you freeze them. It can be exported as one
              file that needs no server.
            </p>
            {mayWrite && <NewButton />}
          </Empty>
        )}
        <ul className="report-list" aria-label="Reports">
          {found.map((report) => (
            <ReportLine key={report.report_id} report={report} experiment={names.get(report.experiment_id)} />
          ))}
        </ul>
        {reports.hasNextPage && (
          <button type="button" className="button" onClick={() => void reports.fetchNextPage()}>
            Show more
          </button>
        )}
      </div>
      {values.get("new") === "report" && (
        <NewReport
          experiments={writable.map(({ experiment_id: id, name }) => ({ id, name }))}
          experimentId={experimentId}
          onClose={() => setParameters({ new: "" })}
        />
      )}
    </div>
  );
}

function NewButton() {
  return (
    <button type="button" className="button" onClick={() => setParameters({ new: "report" })}>
      <Icon name="plus" />
      New report
    </button>
  );
}

function ReportLine({ report, experiment }: { report: Report; experiment: string | undefined }) {
  const { report_id: id, title, created_by: maker, last_update_time: changed = 0 } = report;
  return (
    <li className="report-line">
      <Icon name="book" />
      <span className="report-words">
        <Link className="truncate" href={`/reports/${id}`} title={title}>
          <bdi>{title}</bdi>
        </Link>
        <span className="muted truncate">
          <bdi>{experiment ?? `experiment ${report.experiment_id}`}</bdi>
          {maker && ` · ${maker}`}
        </span>
      </span>
      <span className="muted">
        <Ago time={changed} />
      </span>
    </li>
  );
}

interface NewProps {
  experiments: Array<{ id: string; name: string }>;
  experimentId: string;
  onClose: () => void;
}

function NewReport({ experiments, experimentId, onClose }: NewProps) {
  const [, navigate] = useLocation();
  const [title, setTitle] = useState("");
  const [typed, setTyped] = useState<string>();
  const create = useReportWrite("createReport");
  const listId = useId();
  const given = experiments.find((one) => one.id === experimentId) ?? experiments[0];
  const name = typed ?? given?.name ?? "";
  const chosen = experiments.find((one) => one.name === name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!chosen) return;
    create.mutate(
      { experiment_id: chosen.id, title: title.trim(), text: FIRST_TEXT },
      { onSuccess: ({ report }) => navigate(`/reports/${report.report_id}?edit=on`) },
    );
  };
  return (
    <Dialog title="New report" onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <label>
          Title
          <input className="field" value={title} maxLength={300} onChange={(event) => setTitle(event.target.value)} />
        </label>
        <label>
          Experiment
          <input
            className="field"
            list={listId}
            value={name}
            aria-invalid={!chosen}
            onChange={(event) => setTyped(event.target.value)}
          />
          <datalist id={listId}>
            {experiments.slice(0, 1000).map((one) => (
              <option key={one.id} value={one.name} />
            ))}
          </datalist>
        </label>
        {!chosen && name !== "" && <p className="form-error">There is no experiment of this name.</p>}
        {create.error && <FormFailure error={create.error} />}
        <footer>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={create.isPending || !chosen || !title.trim()}>
            Create
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
