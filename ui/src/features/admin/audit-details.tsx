import type { ReactNode } from "react";
import { Link } from "wouter";
import type { AuditEntry } from "../../api/generated";
import { CopyButton } from "../../components/copy";
import { type AuditFilter, detailsOf, resourceHref } from "../../lib/audit";
import { userPath } from "../../lib/people";

interface Props {
  entry: AuditEntry;
  onFilter: (change: Partial<AuditFilter>) => void;
}

/** All that an entry says, and ways to more entries like it. */
export function AuditDetails({ entry, onFilter }: Props) {
  const { actor, resource, address, action, outcome, credential, request_id: requestId } = entry;
  const href = resourceHref(resource);
  return (
    <dl className="audit-facts">
      <Fact name="Who" more={actor && <Only label={`Only what ${actor} did`} onClick={() => onFilter({ actor })} />}>
        {credential && actor ? <Link href={userPath(actor)}>{actor}</Link> : actor || "nobody"}
        <span className="muted">{credential ? ` by ${credential}` : ", which was not proved"}</span>
      </Fact>
      <Fact name="Action" more={<Only label={`Only ${action}`} onClick={() => onFilter({ action })} />}>
        {action}
      </Fact>
      <Fact name="Outcome">{outcome === "done" ? "done" : `refused: ${outcome}`}</Fact>
      {resource && (
        <Fact name="On what" more={<Only label={`Only ${resource}`} onClick={() => onFilter({ resource })} />}>
          {href ? <Link href={href}>{resource}</Link> : resource}
        </Fact>
      )}
      <Fact name="From" more={address && <Only label={`Only from ${address}`} onClick={() => onFilter({ address })} />}>
        {address || "–"}
      </Fact>
      <Fact name="Asked for">
        <Asked detail={entry.detail} />
      </Fact>
      <Fact name="Request" more={<CopyButton text={requestId} label="Copy the request id" />}>
        <span className="mono" title="The server's log tells of the request by this id">
          {requestId}
        </span>
      </Fact>
      <Fact name="Entry">
        {entry.number} · <span className="mono audit-digest">{entry.digest}</span>
      </Fact>
    </dl>
  );
}

function Fact({ name, children, more }: { name: string; children: ReactNode; more?: ReactNode }) {
  return (
    <div className="audit-fact">
      <dt>{name}</dt>
      <dd>
        <span className="audit-said">{children}</span>
        {more}
      </dd>
    </div>
  );
}

function Only({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" className="link-button" aria-label={label} title={label} onClick={onClick}>
      only these
    </button>
  );
}

function Asked({ detail }: { detail: string }) {
  const said = detailsOf(detail);
  if (said.length === 0) return "–";
  return (
    <span className="audit-asked">
      {said.map(([name, value]) => (
        <span key={name}>
          {name && <span className="muted">{name}: </span>}
          <bdi className="mono">{value}</bdi>
        </span>
      ))}
    </span>
  );
}
