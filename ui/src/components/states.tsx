import { type ReactNode, useEffect, useState } from "react";
import { CopyButton } from "./copy";
import { Icon, type IconName } from "./icons";

interface EmptyProps {
  title: string;
  children?: ReactNode;
  icon?: IconName;
  small?: boolean;
  /** Whether it is all there is on the page, so that its title is the page's. */
  page?: boolean;
}

/** What stands where there is nothing yet, or nothing to show. */
export function Empty({ title, children, icon = "file", small = false, page = false }: EmptyProps) {
  const Heading = page ? "h1" : "h2";
  return (
    <section className={small ? "state small" : "state"}>
      <Icon name={icon} />
      <Heading>{title}</Heading>
      {children}
    </section>
  );
}

interface FailureProps {
  title: string;
  error: Error;
  retry: () => void;
  /** What may be behind it. */
  hint?: string;
  small?: boolean;
  /** Whether it is all there is on the page, so that its title is the page's. */
  page?: boolean;
}

/** What stands where reading failed: what, why, and a way to try again. */
export function Failure({ title, error, retry, hint = "", small = false, page = false }: FailureProps) {
  const Heading = page ? "h1" : "h2";
  return (
    <section className={small ? "state bad small" : "state bad"} role="alert">
      <Icon name="warning" />
      <Heading>{title}</Heading>
      <p className="state-message">{error.message}</p>
      {hint && <p className="state-message">{hint}</p>}
      <Asked error={error} />
      <button type="button" className="button" onClick={retry}>
        <Icon name="reset" />
        Try again
      </button>
    </section>
  );
}

/** What the server was asked, how it answered, and by which id its log tells of it. */
export function Asked({
  error,
}: {
  error: Error & { asked?: string; status?: number; code?: string; requestId?: string };
}) {
  if (!error.asked) return null;
  return (
    <span className="state-asked mono muted">
      {error.status} {error.code} · {error.asked}
      {error.requestId && (
        <>
          {" · "}
          <span title="The server's log tells of the request by this id">request {error.requestId}</span>
        </>
      )}
    </span>
  );
}

/** Why what a form was sent for was refused; the form's own button tries again. */
export function FormFailure({ error, className = "" }: { error: Error; className?: string }) {
  return (
    <p className={`form-error ${className}`} role="alert">
      {error.message}
      <Asked error={error} />
    </p>
  );
}

/** Code to paste, with a button that copies it. */
export function Snippet({ code, label }: { code: string; label: string }) {
  return (
    <div className="snippet">
      <pre tabIndex={0} role="region" aria-label={label}>
        {code}
      </pre>
      <CopyButton text={code} label="Copy code" />
    </div>
  );
}

const PATIENCE = 4000;

interface SkeletonProps {
  rows: number;
  height?: number;
  /** What can be done while the server takes its time. */
  meanwhile?: string;
}

/** Grey bars in the place of rows that are on their way, with a word when that takes long. */
export function SkeletonRows({ rows, height = 28, meanwhile = "" }: SkeletonProps) {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label="Loading" className="skeleton-rows">
      {long && (
        <p className="skeleton-note">The server takes its time. This goes on by itself when it answers{meanwhile}.</p>
      )}
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike
        <div key={row} style={{ height }} className="skeleton-row">
          <div className="skeleton" style={{ width: `${88 - ((row * 37) % 45)}%` }} />
        </div>
      ))}
    </div>
  );
}

/** What stands for a page whose code or data is on its way. */
export const PAGE_TO_COME = (
  <div className="page-inner">
    <SkeletonRows rows={12} />
  </div>
);

/** Parts of an address that were not understood, told instead of thrown. */
export function IgnoredNotice({ ignored }: { ignored: string[] }) {
  if (ignored.length === 0) return null;
  return (
    <p className="notice" role="status">
      <Icon name="warning" />
      Parts of the address were not understood and left out: {[...new Set(ignored)].join(", ")}.
    </p>
  );
}
