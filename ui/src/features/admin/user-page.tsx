import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useAdminWrite, useUserPage } from "../../api/admin";
import type { UserPage } from "../../api/generated";
import { useCurrentUser } from "../../api/session";
import { useCrumbs } from "../../components/crumbs";
import { Icon } from "../../components/icons";
import { LossDialog } from "../../components/loss-dialog";
import { usePathPart } from "../../components/parameters";
import { Failure, SkeletonRows } from "../../components/states";
import { attempt, tell } from "../../components/toast";
import { loginWord } from "../../lib/people";
import { formatSearch } from "../../lib/url-state";
import { AdminFrame } from "./frame";
import { GrantsCard } from "./grants-card";
import { PasswordDialog } from "./password-dialog";
import { SessionsCard } from "./sessions-card";
import { TokensCard } from "./tokens-card";
import { UserGroups } from "./user-groups";

/** One user: groups, grants, tokens, sessions, and what is done with the user itself. */
export default function UserPageRoute() {
  const username = usePathPart(2);
  useCrumbs([
    { label: "Administration", href: "/admin/users" },
    { label: "Users", href: "/admin/users" },
    { label: username },
  ]);
  return (
    <AdminFrame part="users">
      <User username={username} />
    </AdminFrame>
  );
}

function User({ username }: { username: string }) {
  const { data: user, error, refetch } = useUserPage(username);
  if (error && !user) {
    return <Failure page title="The user could not be read" error={error} retry={() => void refetch()} />;
  }
  if (!user) return <SkeletonRows rows={12} height={36} />;
  const own = user.grants.filter((grant) => grant.role_id === user.own_role_id);
  return (
    <>
      <Head user={user} />
      {user.is_admin && <p className="muted">Administrators may do everything, whatever they are granted.</p>}
      <div className="admin-cards">
        <div className="admin-column">
          <GrantsCard
            title="Granted to this user alone"
            holder={{ username }}
            grants={own}
            none="Nothing is granted to this user alone."
          />
          <GroupGrants user={user} />
        </div>
        <div className="admin-column">
          <UserGroups username={username} groups={user.roles} />
          <TokensCard username={username} />
          <SessionsCard username={username} />
        </div>
      </div>
    </>
  );
}

function Head({ user }: { user: UserPage }) {
  const { username } = user;
  const { data: reader } = useCurrentUser();
  const [shown, setShown] = useState<"password" | "standing" | "delete">();
  const standing = useAdminWrite("updateUserAdmin");
  const close = () => setShown(undefined);
  const promote = () =>
    attempt(`${username} was not made an administrator`, async () => {
      await standing.mutateAsync({ username, is_admin: true });
      tell(`${username} is an administrator now.`);
    });
  return (
    <div className="admin-head">
      <div className="admin-title">
        <h1>
          <bdi>{username}</bdi>
        </h1>
        {user.is_admin && <span className="chip admin-chip">Administrator</span>}
        <span className="muted">signs in by {loginWord(user.origin)}</span>
      </div>
      <div className="admin-acts">
        <Link className="button" href={`/admin/audit${formatSearch({ actor: username })}`}>
          <Icon name="history" />
          In the audit log
        </Link>
        {user.is_admin ? (
          <button type="button" className="button" onClick={() => setShown("standing")}>
            No longer administrator
          </button>
        ) : (
          <button type="button" className="button" disabled={standing.isPending} onClick={() => void promote()}>
            <Icon name="shield" />
            Make administrator
          </button>
        )}
        {user.origin === "password" && username !== reader?.username && (
          <button type="button" className="button" onClick={() => setShown("password")}>
            Set password
          </button>
        )}
        <button type="button" className="button" onClick={() => setShown("delete")}>
          <Icon name="trash" />
          Delete
        </button>
      </div>
      {shown === "password" && <PasswordDialog username={username} onClose={close} />}
      {shown === "standing" && <DemoteDialog username={username} onClose={close} />}
      {shown === "delete" && <DeleteUserDialog user={user} onClose={close} />}
    </div>
  );
}

function DemoteDialog({ username, onClose }: { username: string; onClose: () => void }) {
  const { data: reader } = useCurrentUser();
  const standing = useAdminWrite("updateUserAdmin");
  return (
    <LossDialog
      title={`Is ${username} to be no administrator?`}
      verb="No longer administrator"
      proof=""
      pending={standing.isPending}
      error={standing.error}
      onConfirm={() => standing.mutate({ username, is_admin: false }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>From then on only what is granted counts.</p>
      {username === reader?.username && <p className="form-error">This is you: these pages will be closed to you.</p>}
    </LossDialog>
  );
}

function DeleteUserDialog({ user: { username }, onClose }: { user: UserPage; onClose: () => void }) {
  const remove = useAdminWrite("deleteUser");
  const [, navigate] = useLocation();
  const confirm = () =>
    remove.mutate(
      { username },
      {
        onSuccess: () => {
          tell(`Deleted the user ${username}.`);
          navigate("/admin/users");
        },
      },
    );
  return (
    <LossDialog
      title={`Delete ${username}?`}
      verb="Delete the user"
      proof={username}
      pending={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        The user is signed out everywhere, its tokens end, and what was granted to it goes for good. Runs, models and
        reports stay.
      </p>
    </LossDialog>
  );
}

/** What comes to the user by its groups; it is changed there. */
function GroupGrants({ user }: { user: UserPage }) {
  const grants = user.grants.filter((grant) => grant.role_id !== user.own_role_id);
  if (grants.length === 0) return null;
  const names = new Map(user.roles.map((group) => [group.id, group]));
  return <GrantsCard title="Granted by groups" grants={grants} groups={names} none="" />;
}
