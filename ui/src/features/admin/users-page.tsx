import { useState } from "react";
import { useGroups, useUsers } from "../../api/admin";
import { useCrumbs } from "../../components/crumbs";
import { Icon } from "../../components/icons";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, SkeletonRows } from "../../components/states";
import { formatCount, plural } from "../../lib/format";
import { namesWith } from "../../lib/people";
import { AddUserDialog } from "./add-user-dialog";
import { AdminFrame } from "./frame";
import { SearchLine } from "./search-line";
import { UserTable } from "./user-table";

/** All users by name. */
export default function UsersPage() {
  useCrumbs([{ label: "Administration", href: "/admin/users" }, { label: "Users" }]);
  return (
    <AdminFrame part="users" filled>
      <Users />
    </AdminFrame>
  );
}

function Users() {
  const query = new URLSearchParams(useQueryText()).get("q") ?? "";
  const [adding, setAdding] = useState(false);
  const { data, error, refetch } = useUsers();
  const { data: groups = [] } = useGroups();
  const shown = namesWith(data?.users ?? [], query, (user) => user.username);
  return (
    <>
      <div className="page-head">
        <h1>Users</h1>
        <button type="button" className="button" onClick={() => setAdding(true)}>
          <Icon name="plus" />
          Add a user
        </button>
      </div>
      <SearchLine label="Find users by name" />
      {error && (
        <Failure
          small={data !== undefined}
          title="The users could not be read"
          error={error}
          retry={() => void refetch()}
        />
      )}
      {!data && !error && <SkeletonRows rows={12} height={40} />}
      {shown.length > 0 && (
        <UserTable users={shown} groupNames={new Map(groups.map((group) => [group.id, group.name]))} />
      )}
      {data && shown.length === 0 && (
        <Empty small title={`No user has “${query}” in the name`} icon="search">
          <button type="button" className="button" onClick={() => setParameters({ q: "" })}>
            Show all users
          </button>
        </Empty>
      )}
      {data && (
        <p className="muted admin-foot" role="status">
          {query === "" ? plural(data.total, "user") : `${formatCount(shown.length)} of ${plural(data.total, "user")}`}
          {data.total > data.users.length && `; the first ${formatCount(data.users.length)} by name are listed`}
        </p>
      )}
      {adding && <AddUserDialog onClose={() => setAdding(false)} />}
    </>
  );
}
