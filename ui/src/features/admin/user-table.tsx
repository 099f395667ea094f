import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { Link } from "wouter";
import type { UserSummary } from "../../api/generated";
import { useCurrentUser } from "../../api/session";
import { Ago } from "../../components/ago";
import { formatCount, plural } from "../../lib/format";
import { loginWord, userPath } from "../../lib/people";

interface Props {
  users: UserSummary[];
  groupNames: ReadonlyMap<number, string>;
}

const ROW = 40;

/** Users in rows, of which only those in view are in the page. */
export function UserTable({ users, groupNames }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: users.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    getItemKey: (index) => users[index]!.id,
    overscan: 12,
  });
  return (
    <div ref={box} className="people-box" tabIndex={0} role="region" aria-label="Users">
      <div role="table" aria-label="Users" aria-rowcount={users.length + 1} className="people">
        <div role="rowgroup">
          <div role="row" aria-rowindex={1} className="people-row people-head">
            <span role="columnheader">Name</span>
            <span role="columnheader" className="wide-only">
              Signs in by
            </span>
            <span role="columnheader" className="wide-only">
              Groups
            </span>
            <span role="columnheader" className="number wide-only" title="What is granted to the user alone">
              Own grants
            </span>
            <span role="columnheader" className="number wide-only">
              Tokens
            </span>
            <span role="columnheader" className="wide-only" title="When a session or token of the user was used last">
              Last seen
            </span>
          </div>
        </div>
        <div role="rowgroup" className="people-rows" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => (
            <UserRow key={key} user={users[index]!} place={index + 2} top={start} groupNames={groupNames} />
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  user: UserSummary;
  place: number;
  top: number;
  groupNames: ReadonlyMap<number, string>;
}

function UserRow({ user, place, top, groupNames }: RowProps) {
  const { data: reader } = useCurrentUser();
  const groups = user.role_ids.map((id) => groupNames.get(id) ?? `group ${id}`).join(", ");
  return (
    <div role="row" aria-rowindex={place} className="people-row placed" style={{ transform: `translateY(${top}px)` }}>
      <span role="rowheader" className="people-name">
        <Link className="truncate" href={userPath(user.username)} title={user.username}>
          <bdi>{user.username}</bdi>
        </Link>
        {user.is_admin && <span className="chip admin-chip">Administrator</span>}
        {user.username === reader?.username && <span className="chip">you</span>}
      </span>
      <span role="cell" className="truncate wide-only">
        {loginWord(user.origin)}
      </span>
      <span role="cell" className="truncate wide-only" title={groups}>
        {groups ? <bdi>{groups}</bdi> : <Nothing />}
      </span>
      <Counted count={user.grants} noun="grant" />
      <Counted count={user.tokens} noun="token" />
      <span role="cell" className="muted wide-only">
        {user.last_used > 0 ? <Ago time={user.last_used} /> : <Nothing word="never" />}
      </span>
    </div>
  );
}

function Counted({ count, noun }: { count: number; noun: string }) {
  return (
    <span role="cell" className="number wide-only" title={plural(count, noun)}>
      {count > 0 ? formatCount(count) : <Nothing />}
    </span>
  );
}

function Nothing({ word = "–" }: { word?: string }) {
  return <span className="muted">{word}</span>;
}
