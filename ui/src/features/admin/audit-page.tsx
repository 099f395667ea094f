import "../../styles/audit.css";
import { useAudit } from "../../api/admin";
import { useCrumbs } from "../../components/crumbs";
import { Icon } from "../../components/icons";
import { useLastGood } from "../../components/last-good";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, IgnoredNotice, SkeletonRows } from "../../components/states";
import { type AuditFilter, NO_FILTER, parseAudit } from "../../lib/audit";
import { formatCount } from "../../lib/format";
import { AuditCheck } from "./audit-check";
import { AuditExport } from "./audit-export";
import { AuditFilters } from "./audit-filters";
import { AuditTable } from "./audit-table";
import { AdminFrame } from "./frame";

/** Who did what, the latest first. */
export default function AuditPage() {
  useCrumbs([{ label: "Administration", href: "/admin/users" }, { label: "Audit log" }]);
  return (
    <AdminFrame part="audit">
      <Audit />
    </AdminFrame>
  );
}

function setFilter(change: Partial<AuditFilter>): void {
  setParameters({ ...change, entry: "" });
}

function Audit() {
  const text = useQueryText();
  const { state: filter, ignored } = parseAudit(text);
  const open = new URLSearchParams(text).get("entry") ?? "";
  const audit = useAudit(filter);
  const data = useLastGood(audit.data, "audit");
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  const filtered = Object.values(filter).some((part) => part !== "");
  return (
    <>
      <div className="page-head admin-wrap">
        <h1>Audit log</h1>
        <div className="admin-acts">
          {filtered && (
            <button type="button" className="button quiet" onClick={() => setFilter(NO_FILTER)}>
              <Icon name="close" />
              Clear the filters
            </button>
          )}
          <button
            type="button"
            className="button icon-only"
            aria-label="Look again"
            title="Look again"
            disabled={audit.isFetching}
            onClick={() => void audit.refetch()}
          >
            <Icon name="reset" />
          </button>
          <AuditCheck />
          <AuditExport filter={filter} disabled={entries.length === 0} />
        </div>
      </div>
      <AuditFilters filter={filter} onFilter={setFilter} />
      <IgnoredNotice ignored={ignored} />
      {audit.error && (
        <Failure
          small={data !== undefined}
          title="The audit log could not be read"
          error={audit.error}
          retry={() => void audit.refetch()}
        />
      )}
      {!data && !audit.error && <SkeletonRows rows={12} height={36} />}
      {entries.length > 0 && (
        <AuditTable
          entries={entries}
          open={open}
          stale={audit.isPlaceholderData}
          onOpen={(number) => setParameters({ entry: number })}
          onFilter={setFilter}
        />
      )}
      {data && entries.length === 0 && !audit.error && <NothingFound filtered={filtered} />}
      {entries.length > 0 && (
        <p className="muted admin-foot" role="status">
          {formatCount(entries.length)} {entries.length === 1 ? "entry" : "entries"}
          {audit.hasNextPage ? ", and older ones" : ", no older ones"}
        </p>
      )}
      {audit.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={audit.isFetchingNextPage}
          onClick={() => void audit.fetchNextPage()}
        >
          Show older ones
        </button>
      )}
    </>
  );
}

function NothingFound({ filtered }: { filtered: boolean }) {
  if (!filtered) {
    return (
      <Empty small title="Nothing is remembered yet" icon="history">
        <p className="muted">What changes who may do what, what is deleted, and what a model in use is, stands here.</p>
      </Empty>
    );
  }
  return (
    <Empty small title="Nothing like this was done" icon="search">
      <button type="button" className="button" onClick={() => setFilter(NO_FILTER)}>
        Show everything
      </button>
    </Empty>
  );
}
