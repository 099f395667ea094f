import "../../styles/admin.css";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useCurrentUser, useIsAdmin } from "../../api/session";
import { Empty, Failure, SkeletonRows, Snippet } from "../../components/states";

const PARTS = [
  { part: "users", label: "Users", href: "/admin/users" },
  { part: "groups", label: "Groups", href: "/admin/groups" },
  { part: "audit", label: "Audit log", href: "/admin/audit" },
] as const;

interface Props {
  /** Which part of the administration the page belongs to. */
  part: (typeof PARTS)[number]["part"];
  /** Whether the page fits the window, and only a list in it scrolls. */
  filled?: boolean;
  children: ReactNode;
}

/** The frame of the pages for administrators; says so to others, and where there are no users. */
export function AdminFrame({ part, filled = false, children }: Props) {
  const { data: user, error, refetch } = useCurrentUser();
  const isAdmin = useIsAdmin();
  if (error) {
    return (
      <div className="page-inner">
        <Failure page title="Who you are could not be read" error={error} retry={() => void refetch()} />
      </div>
    );
  }
  if (user === null) return <NoUsers />;
  if (user && !user.is_admin) return <Others username={user.username} />;
  return (
    <div className={filled ? "page" : "page scrolls"}>
      <div className={filled ? "page-inner admin admin-filled" : "page-inner admin"}>
        <nav className="segments admin-parts" aria-label="Administration">
          {PARTS.map((one) => (
            <Link key={one.part} href={one.href} aria-current={one.part === part ? "true" : undefined}>
              {one.label}
            </Link>
          ))}
        </nav>
        {user || isAdmin ? children : <SkeletonRows rows={12} height={36} />}
      </div>
    </div>
  );
}

function NoUsers() {
  return (
    <Empty page title="This server has no users" icon="shield">
      <p className="muted">It does what anybody asks. Started like this it has users, groups and an audit log:</p>
      <Snippet code="assay server --auth" label="The command that starts a server with users" />
      <p className="muted">At the first start it makes an administrator, and shows the password this once.</p>
    </Empty>
  );
}

function Others({ username }: { username: string }) {
  return (
    <Empty page title="For administrators only" icon="shield">
      <p className="state-message">
        You are signed in as <bdi>{username}</bdi>, who is none. Ask an administrator of this server.
      </p>
      <Link className="button" href="/">
        All experiments
      </Link>
    </Empty>
  );
}
