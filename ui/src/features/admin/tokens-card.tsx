import { useAdminWrite, useTokensOf } from "../../api/admin";
import type { TokenInfo } from "../../api/generated";
import { Ago, useNow } from "../../components/ago";
import { Icon } from "../../components/icons";
import { MoreButton, useMore } from "../../components/more";
import { Failure, SkeletonRows } from "../../components/states";
import { attempt } from "../../components/toast";
import { formatDateTime } from "../../lib/format";
import { stayInCard } from "./stay-in-card";

/** A user's tokens, to be revoked. */
export function TokensCard({ username }: { username: string }) {
  const tokens = useTokensOf(username);
  const more = useMore(username, 20);
  return (
    <section className="card admin-card" aria-labelledby="user-tokens" tabIndex={-1}>
      <h2 id="user-tokens">Tokens</h2>
      {tokens.error && (
        <Failure small title="The tokens could not be read" error={tokens.error} retry={() => void tokens.refetch()} />
      )}
      {!tokens.data && !tokens.error && <SkeletonRows rows={1} height={40} />}
      {tokens.data?.length === 0 && (
        <p className="muted">This user has no tokens. Users make theirs in the settings.</p>
      )}
      {tokens.data && tokens.data.length > 0 && (
        <ul className="admin-lines">
          {tokens.data.slice(0, more.limit).map((token) => (
            <TokenLine key={token.token_id} token={token} />
          ))}
        </ul>
      )}
      <MoreButton more={more} count={tokens.data?.length ?? 0} />
    </section>
  );
}

function goodFor({ scope, resource_type: kind, resource_id: id }: TokenInfo): string {
  return kind ? `${scope} · ${kind.replace("_", " ")} ${id}` : scope;
}

function TokenLine({ token }: { token: TokenInfo }) {
  const revoke = useAdminWrite("revokeToken");
  const expired = token.expiry_time <= useNow();
  return (
    <li className="admin-line">
      <span className="admin-thing">
        <Icon name="code" />
        <span className="admin-words">
          <strong className="truncate">
            <bdi>{token.name}</bdi> <span className="mono muted">{token.token_id}</span>
          </strong>
          <span className="muted">
            {goodFor(token)} · {expired ? "expired" : "until"}{" "}
            <span title={formatDateTime(token.expiry_time)}>{formatDateTime(token.expiry_time).slice(0, 10)}</span> ·{" "}
            {token.last_used > 0 ? (
              <>
                used <Ago time={token.last_used} />
              </>
            ) : (
              "never used"
            )}
            {token.created_by !== token.username && ` · made by ${token.created_by}`}
          </span>
        </span>
      </span>
      <button
        type="button"
        className="button"
        aria-label={`Revoke the token ${token.name}`}
        disabled={revoke.isPending}
        onClick={(event) => {
          stayInCard(event.currentTarget);
          void attempt(`The token ${token.name} was not revoked`, () =>
            revoke.mutateAsync({ token_id: token.token_id }),
          );
        }}
      >
        Revoke
      </button>
    </li>
  );
}
