import { useState } from "react";
import { Link } from "wouter";
import { useAdminWrite, useGroups } from "../../api/admin";
import type { HeldRole } from "../../api/generated";
import { Icon } from "../../components/icons";
import { Picker } from "../../components/picker";
import { attempt } from "../../components/toast";
import { plural } from "../../lib/format";
import { groupPath, namesWith } from "../../lib/people";
import { GivenBy } from "./given-by";

/** The groups of a user: leave and join. */
export function UserGroups({ username, groups }: { username: string; groups: HeldRole[] }) {
  const all = useGroups();
  const [text, setText] = useState("");
  const assign = useAdminWrite("assignRole");
  const unassign = useAdminWrite("unassignRole");
  const joined = new Set(groups.map((group) => group.id));
  const others = (all.data ?? []).filter((group) => !joined.has(group.id));
  return (
    <section className="card admin-card" aria-labelledby="user-groups">
      <h2 id="user-groups">Groups</h2>
      {groups.length === 0 && <p className="muted">This user is in no group.</p>}
      {groups.length > 0 && (
        <ul className="admin-lines">
          {groups.map((group) => (
            <li key={group.id} className="admin-line">
              <span className="admin-thing">
                <Icon name="users" />
                <span className="admin-words">
                  <Link className="truncate" href={groupPath(group.id)}>
                    <bdi>{group.name}</bdi>
                  </Link>
                  <span className="muted">
                    {plural(group.grants, "grant")}
                    <GivenBy origin={group.origin} />
                  </span>
                </span>
              </span>
              <button
                type="button"
                className="button quiet icon-only"
                aria-label={`Take ${username} out of ${group.name}`}
                title="Take out"
                disabled={unassign.isPending}
                onClick={() =>
                  attempt(`${username} is still in ${group.name}`, () =>
                    unassign.mutateAsync({ username, role_id: group.id }),
                  )
                }
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="admin-form">
        <Picker
          label="Put into a group"
          placeholder="Put into a group"
          choices={namesWith(others, text, (group) => group.name).map((group) => ({
            value: String(group.id),
            label: group.name,
            note: plural(group.members, "member"),
          }))}
          text={text}
          onType={setText}
          onPick={({ value, label }) => {
            setText("");
            void attempt(`${username} was not put into ${label}`, () =>
              assign.mutateAsync({ username, role_id: Number(value) }),
            );
          }}
          waiting={all.isPending}
          problem={all.error?.message}
        />
      </div>
    </section>
  );
}
