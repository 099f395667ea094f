import { useState } from "react";
import { Link } from "wouter";
import { useAdminWrite, useUsers } from "../../api/admin";
import type { RoleMember, RolePage } from "../../api/generated";
import { Icon } from "../../components/icons";
import { LongList } from "../../components/long-list";
import { Picker } from "../../components/picker";
import { attempt } from "../../components/toast";
import { formatCount } from "../../lib/format";
import { namesWith, userPath } from "../../lib/people";
import { GivenBy } from "./given-by";

const ROW = 40;
const MOST_OFFERED = 50;

/** Who is in a group: take out and put in. */
export function GroupMembers({ group }: { group: RolePage }) {
  const users = useUsers();
  const [text, setText] = useState("");
  const assign = useAdminWrite("assignRole");
  const members = new Set(group.members.map((member) => member.username));
  const others = (users.data?.users ?? []).filter((user) => !members.has(user.username));
  const choices = namesWith(others, text, (user) => user.username).slice(0, MOST_OFFERED);
  return (
    <section className="card admin-card" aria-labelledby="group-members">
      <h2 id="group-members">
        Users <span className="muted">{formatCount(group.members.length)}</span>
      </h2>
      {group.members.length === 0 && <p className="muted">Nobody is in this group.</p>}
      {group.members.length > 0 && (
        <LongList items={group.members} rowHeight={ROW} label="Users of the group" keyOf={(member) => member.username}>
          {(member) => <MemberLine group={group} member={member} />}
        </LongList>
      )}
      <div className="admin-form">
        <Picker
          label="Put a user in"
          placeholder="Put a user in"
          choices={choices.map((user) => ({ value: user.username, label: user.username }))}
          text={text}
          onType={setText}
          onPick={({ value }) => {
            setText("");
            void attempt(`${value} was not put into ${group.name}`, () =>
              assign.mutateAsync({ username: value, role_id: group.id }),
            );
          }}
          waiting={users.isPending}
          problem={users.error?.message}
        />
      </div>
    </section>
  );
}

function MemberLine({ group, member: { username, origin } }: { group: RolePage; member: RoleMember }) {
  const unassign = useAdminWrite("unassignRole");
  return (
    <div className="admin-line">
      <span className="admin-thing">
        <Link className="truncate" href={userPath(username)} title={username}>
          <bdi>{username}</bdi>
        </Link>
        <span className="muted">
          <GivenBy origin={origin} />
        </span>
      </span>
      <button
        type="button"
        className="button quiet icon-only"
        aria-label={`Take ${username} out`}
        title="Take out"
        disabled={unassign.isPending}
        onClick={() =>
          attempt(`${username} is still in ${group.name}`, () => unassign.mutateAsync({ username, role_id: group.id }))
        }
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
