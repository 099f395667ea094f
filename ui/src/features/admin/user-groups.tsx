import { useState } from "react";
import { Link } from "wouter";
import { useGroups } from "../../api/admin";
import type { HeldRole } from "../../api/generated";
import { Icon } from "../../components/icons";
import { Picker } from "../../components/picker";
import { plural } from "../../lib/format";
import { groupPath, namesWith } from "../../lib/people";
import { GivenBy } from "./given-by";
import { stayInCard } from "./stay-in-card";
import { useMembership } from "./use-membership";

/** The groups of a user: leave and join. */
export function UserGroups({ username, groups }: { username: string; groups: HeldRole[] }) {
  const all = useGroups();
  const [text, setText] = useState("");
  const { join, leave, isLeaving } = useMembership();
  const joined = new Set(groups.map((group) => group.id));
  const others = (all.data ?? []).filter((group) => !joined.has(group.id));
  return (
    <section className="card admin-card" aria-labelledby="user-groups" tabIndex={-1}>
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
                disabled={isLeaving}
                onClick={(event) => {
                  stayInCard(event.currentTarget);
                  void leave({ username, group });
                }}
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
            void join({ username, group: { id: Number(value), name: label } });
          }}
          waiting={all.isPending}
          problem={all.error?.message}
        />
      </div>
    </section>
  );
}
