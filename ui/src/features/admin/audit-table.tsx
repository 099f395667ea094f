import { useId } from "react";
import type { AuditEntry } from "../../api/generated";
import { Icon } from "../../components/icons";
import { type AuditFilter, besidesOf } from "../../lib/audit";
import { formatDateTime } from "../../lib/format";
import { AuditDetails } from "./audit-details";

interface Props {
  entries: AuditEntry[];
  /** The number of the entry whose details are shown; empty for none. */
  open: string;
  stale: boolean;
  onOpen: (number: string) => void;
  onFilter: (change: Partial<AuditFilter>) => void;
}

/** Entries in rows, each with its details below it on demand. */
export function AuditTable({ entries, open, stale, onOpen, onFilter }: Props) {
  return (
    <table className={stale ? "list audit stale" : "list audit"}>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">Details</span>
          </th>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">Action</th>
          <th scope="col" className="wide-only">
            On what
          </th>
          <th scope="col" className="wide-only">
            From
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <EntryRows
            key={entry.number}
            entry={entry}
            isOpen={String(entry.number) === open}
            onOpen={onOpen}
            onFilter={onFilter}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  entry: AuditEntry;
  isOpen: boolean;
  onOpen: (number: string) => void;
  onFilter: (change: Partial<AuditFilter>) => void;
}

function EntryRows({ entry, isOpen, onOpen, onFilter }: RowProps) {
  const details = useId();
  const { number, time, actor, action, outcome, resource, address } = entry;
  const when = formatDateTime(time);
  const refused = outcome !== "done";
  const besides = besidesOf(entry);
  return (
    <>
      <tr className={isOpen ? "audit-row open" : "audit-row"}>
        <td className="audit-opener">
          <button
            type="button"
            className="button quiet icon-only"
            aria-expanded={isOpen}
            aria-controls={isOpen ? details : undefined}
            aria-label={`Details of entry ${number}`}
            onClick={() => onOpen(isOpen ? "" : String(number))}
          >
            <Icon name={isOpen ? "down" : "right"} />
          </button>
        </td>
        <td className="list-time">
          <time dateTime={new Date(time).toISOString()} title={when}>
            <span className="audit-day">{when.slice(0, 10)}</span> {when.slice(11)}
          </time>
        </td>
        <td className="audit-who">
          <bdi className="truncate" title={actor}>
            {actor || <span className="muted">nobody</span>}
          </bdi>
        </td>
        <td className="audit-what">
          <span className="audit-said-what">
            <span className="truncate" title={action}>
              {action}
            </span>
            {refused && (
              <span className="audit-refused">
                <Icon name="warning" />
                {outcome}
              </span>
            )}
          </span>
          <bdi className="muted truncate narrow-only">{resource}</bdi>
        </td>
        <td className="audit-resource wide-only">
          <bdi className="truncate" title={resource}>
            {resource || <span className="muted">–</span>}
          </bdi>
          {besides && <bdi className="muted truncate">{besides}</bdi>}
        </td>
        <td className="audit-from muted wide-only">{address}</td>
      </tr>
      {isOpen && (
        <tr className="audit-open">
          <td colSpan={6} id={details}>
            <AuditDetails entry={entry} onFilter={onFilter} />
          </td>
        </tr>
      )}
    </>
  );
}
