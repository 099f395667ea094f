import { useState } from "react";
import { Link } from "wouter";
import { useUsers } from "../../api/admin";
import type { RoleMember, RolePage } from "../../api/generated";
import { Icon } from "../../components/icons";
import { LongList } from "../../components/long-list";
import { Picker } from "../../components/picker";
import { formatCount } from "../../lib/format";
import { namesWith, userPath } from "../../lib/people";
import { GivenBy } from "./given-by";
import { stayInCard } from "./stay-in-card";
import { useMembership } from "./use-membership";

const ROW = 40;
const MOST_OFFERED = 50;

/** Who is in a group: take out and put in. */
export function GroupMembers({ group }: { group: RolePage }) {
  const users = useUsers();
  const [text, setText] = useState("");
  const { join } = useMembership();
  const members = new Set(group.members.map((member) => member.username));
  const others = (users.data?.users ?? []).filter((user) => !members.has(user.username));
  const choices = namesWith(others, text, (user) => user.username).slice(0, MOST_OFFERED);
  return (
    <section className="card admin-card" aria-labelledby="group-members" tabIndex={-1}>
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
            void join({ username: value, group });
          }}
          waiting={users.isPending}
          problem={users.error?.message}
        />
      </div>
    </section>
  );
}

function MemberLine({ group, member: { username, origin } }: { group: RolePage; member: RoleMember }) {
  const { leave, isLeaving } = useMembership();
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
        disabled={isLeaving}
        onClick={(event) => {
          stayInCard(event.currentTarget);
          void leave({ username, group });
        }}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
