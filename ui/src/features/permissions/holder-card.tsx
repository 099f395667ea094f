import type { ResourceHoldersResponse } from "../../api/generated";
import { LevelWord } from "../../components/level-picker";
import { MoreButton, useMore } from "../../components/more";
import { formatCount } from "../../lib/format";
import { reasonsOf } from "../../lib/holders";

/** What each user may do in the end, and by which grants. */
export function HolderCard({ told }: { told: ResourceHoldersResponse }) {
  const { holders, grants, total, default_permission: rest } = told;
  const more = useMore("holders");
  return (
    <section className="card list-card" aria-labelledby="holders">
      <header>
        <h2 id="holders">Who may do what</h2>
        <span className="muted">{formatCount(total)}</span>
      </header>
      <table className="list holders">
        <thead>
          <tr>
            <th scope="col">User</th>
            <th scope="col">May</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {holders.slice(0, more.limit).map((holder) => (
            <tr key={holder.username}>
              <th scope="row">
                <bdi>{holder.username}</bdi>
              </th>
              <td>
                <LevelWord level={holder.permission} />
              </td>
              <td className="muted">{reasonsOf(holder, grants).join(" · ")}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">everybody else</th>
            <td>
              <LevelWord level={rest} />
            </td>
            <td className="muted">the default of this server</td>
          </tr>
        </tbody>
      </table>
      <MoreButton more={more} count={holders.length} />
      {total > holders.length && (
        <p className="muted list-empty">The first {formatCount(holders.length)} by name are shown.</p>
      )}
    </section>
  );
}
