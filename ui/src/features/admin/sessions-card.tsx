import { useAdminWrite, useSessionsOf } from "../../api/admin";
import type { SessionInfo } from "../../api/generated";
import { Ago } from "../../components/ago";
import { Icon } from "../../components/icons";
import { MoreButton, useMore } from "../../components/more";
import { Failure, SkeletonRows } from "../../components/states";
import { attempt } from "../../components/toast";
import { stayInCard } from "./stay-in-card";

/** Where a user is signed in, to be ended. */
export function SessionsCard({ username }: { username: string }) {
  const sessions = useSessionsOf(username);
  const more = useMore(username, 20);
  return (
    <section className="card admin-card" aria-labelledby="user-sessions" tabIndex={-1}>
      <h2 id="user-sessions">Sessions</h2>
      {sessions.error && (
        <Failure
          small
          title="The sessions could not be read"
          error={sessions.error}
          retry={() => void sessions.refetch()}
        />
      )}
      {!sessions.data && !sessions.error && <SkeletonRows rows={1} height={40} />}
      {sessions.data?.length === 0 && <p className="muted">This user is signed in nowhere.</p>}
      {sessions.data && sessions.data.length > 0 && (
        <ul className="admin-lines">
          {sessions.data.slice(0, more.limit).map((session) => (
            <SessionLine key={session.session_id} session={session} />
          ))}
        </ul>
      )}
      <MoreButton more={more} count={sessions.data?.length ?? 0} />
    </section>
  );
}

function SessionLine({ session }: { session: SessionInfo }) {
  const end = useAdminWrite("endSession");
  return (
    <li className="admin-line">
      <span className="admin-thing">
        <Icon name="link" />
        <span className="admin-words">
          <strong>
            {session.address} {session.is_current && <span className="chip">this one</span>}
          </strong>
          <span className="muted">
            since <Ago time={session.creation_time} /> · used <Ago time={session.last_used} />
          </span>
          <span className="muted truncate" title={session.agent}>
            {session.agent}
          </span>
        </span>
      </span>
      {!session.is_current && (
        <button
          type="button"
          className="button"
          aria-label={`End the session from ${session.address}`}
          disabled={end.isPending}
          onClick={(event) => {
            stayInCard(event.currentTarget);
            void attempt("The session was not ended", () => end.mutateAsync({ session_id: session.session_id }));
          }}
        >
          End
        </button>
      )}
    </li>
  );
}
