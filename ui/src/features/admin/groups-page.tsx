import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useAdminWrite, useGroups } from "../../api/admin";
import type { RoleSummary } from "../../api/generated";
import { useCrumbs } from "../../components/crumbs";
import { Icon } from "../../components/icons";
import { MoreButton, useMore } from "../../components/more";
import { setParameters, useQueryText } from "../../components/parameters";
import { Empty, Failure, SkeletonRows } from "../../components/states";
import { formatCount, plural } from "../../lib/format";
import { groupPath, namesWith } from "../../lib/people";
import { AdminFrame } from "./frame";
import { GroupDialog } from "./group-dialog";
import { SearchLine } from "./search-line";

/** All groups by name. */
export default function GroupsPage() {
  useCrumbs([{ label: "Administration", href: "/admin/users" }, { label: "Groups" }]);
  return (
    <AdminFrame part="groups">
      <Groups />
    </AdminFrame>
  );
}

function Groups() {
  const query = new URLSearchParams(useQueryText()).get("q") ?? "";
  const [creating, setCreating] = useState(false);
  const { data, error, refetch } = useGroups();
  const shown = namesWith(data ?? [], query, (group) => group.name);
  const none = data?.length === 0;
  return (
    <>
      <div className="page-head">
        <h1>Groups</h1>
        <button type="button" className="button" onClick={() => setCreating(true)}>
          <Icon name="plus" />
          New group
        </button>
      </div>
      <p className="muted admin-lead">
        What is granted to a group holds for all users in it. MLflow calls groups <em>roles</em>.
      </p>
      {error && (
        <Failure
          small={data !== undefined}
          title="The groups could not be read"
          error={error}
          retry={() => void refetch()}
        />
      )}
      {!data && !error && <SkeletonRows rows={6} height={40} />}
      {data && !none && <SearchLine label="Find groups by name" />}
      {shown.length > 0 && <GroupTable groups={shown} query={query} />}
      {none && (
        <Empty small title="No group yet" icon="users">
          <p className="muted">A group spares you to grant the same things to one user after the other.</p>
        </Empty>
      )}
      {data && !none && shown.length === 0 && (
        <Empty small title={`No group has “${query}” in its name`} icon="search">
          <button type="button" className="button" onClick={() => setParameters({ q: "" })}>
            Show all groups
          </button>
        </Empty>
      )}
      {data && !none && (
        <p className="muted admin-foot" role="status">
          {query === "" ? plural(data.length, "group") : `${shown.length} of ${plural(data.length, "group")}`}
        </p>
      )}
      {creating && <CreateDialog onClose={() => setCreating(false)} />}
    </>
  );
}

function CreateDialog({ onClose }: { onClose: () => void }) {
  const create = useAdminWrite("createRole");
  const [, navigate] = useLocation();
  return (
    <GroupDialog
      title="New group"
      verb="Create"
      pending={create.isPending}
      error={create.error}
      onSubmit={({ name, description }) =>
        create.mutate({ name, description }, { onSuccess: ({ role }) => navigate(groupPath(role.id)) })
      }
      onClose={onClose}
    />
  );
}

function GroupTable({ groups, query }: { groups: RoleSummary[]; query: string }) {
  const more = useMore(query);
  return (
    <>
      <table className="list admin-groups">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" className="wide-only">
              Description
            </th>
            <th scope="col" className="number">
              Users
            </th>
            <th scope="col" className="number">
              Grants
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.slice(0, more.limit).map((group) => (
            <tr key={group.id}>
              <th scope="row" className="list-name">
                <Link href={groupPath(group.id)} title={group.name}>
                  <bdi>{group.name}</bdi>
                </Link>
              </th>
              <td className="list-note wide-only">
                <bdi className="truncate" title={group.description}>
                  {group.description}
                </bdi>
              </td>
              <td className="number">{formatCount(group.members)}</td>
              <td className="number">{formatCount(group.grants)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <MoreButton more={more} count={groups.length} />
    </>
  );
}
