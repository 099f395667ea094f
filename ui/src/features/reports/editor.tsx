import { useDeferredValue, useRef, useState } from "react";
import type { Report } from "../../api/generated";
import { useReport } from "../../api/reports";
import { Icon } from "../../components/icons";
import { setParameters } from "../../components/parameters";
import { attempt } from "../../components/toast";
import { parseFrozen, withBlock } from "../../lib/report";
import { ReportBody } from "./body";
import { InsertChart } from "./insert-chart";
import type { ChartTools } from "./tools";
import { type Saving, useDraft } from "./use-draft";

const SAID: Record<Saving, string> = {
  saved: "Saved",
  waiting: "Not saved yet",
  saving: "Saving…",
  conflict: "Not saved",
  failed: "Not saved",
};

/** A report while it is written: the text, and beside it what it becomes. */
export function ReportEditor({ report, tools }: { report: Report; tools: ChartTools }) {
  const draft = useDraft(report);
  const { refetch } = useReport(report.report_id);
  const area = useRef<HTMLTextAreaElement>(null);
  const [inserting, setInserting] = useState(false);
  const shown = useDeferredValue(draft.text);
  const takeTheirs = () =>
    attempt("The report could not be read", async () => {
      const { data } = await refetch({ throwOnError: true });
      if (data) draft.take(data.report);
    });
  const insert = (block: string) => {
    draft.setText(withBlock(draft.text, area.current?.selectionStart ?? draft.text.length, block));
    area.current?.focus();
  };
  const done = async () => {
    if (draft.saving !== "saved") await draft.save();
    setParameters({ edit: "" }, { push: true });
  };
  return (
    <div className="report-editor">
      <div className="report-tools">
        <input
          className="field report-title"
          aria-label="Title of the report"
          value={draft.title}
          maxLength={300}
          onChange={(event) => draft.setTitle(event.target.value)}
        />
        <button type="button" className="button" onClick={() => setInserting(true)}>
          <Icon name="plus" />
          Chart
        </button>
        <span className="muted report-saved" role="status" data-state={draft.saving}>
          {SAID[draft.saving]}
        </span>
        <button
          type="button"
          className="button primary"
          disabled={draft.saving === "conflict" || draft.title.trim() === ""}
          onClick={() => void done()}
        >
          Done
        </button>
      </div>
      {draft.problem && (
        <div className="notice report-notice" role="alert">
          <Icon name="warning" />
          <span>{draft.problem}</span>
          {draft.saving === "conflict" ? (
            <>
              <button type="button" className="button" onClick={() => void draft.save(true)}>
                Keep mine
              </button>
              <button type="button" className="button" onClick={() => void takeTheirs()}>
                Take theirs
              </button>
            </>
          ) : (
            <button type="button" className="button" onClick={() => void draft.save()}>
              Try again
            </button>
          )}
        </div>
      )}
      <div className="report-panes">
        <textarea
          ref={area}
          className="report-text"
          aria-label="Text of the report, in Markdown"
          spellCheck
          value={draft.text}
          maxLength={1_000_000}
          onChange={(event) => draft.setText(event.target.value)}
        />
        <section className="report-preview" aria-label="Preview">
          <ReportBody
            text={shown}
            experimentId={report.experiment_id}
            frozen={parseFrozen(report.frozen ?? "")}
            tools={tools}
          />
        </section>
      </div>
      {inserting && (
        <InsertChart
          experimentId={report.experiment_id}
          tools={tools}
          insert={insert}
          onClose={() => setInserting(false)}
        />
      )}
    </div>
  );
}
