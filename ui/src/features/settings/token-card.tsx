import "../../styles/session.css";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { call } from "../../api/client";
import { useWrite } from "../../api/queries";
import { useCurrentUser } from "../../api/session";
import { Ago } from "../../components/ago";
import { FormFailure, Snippet } from "../../components/states";
import { attempt } from "../../components/toast";

const SCOPES = [
  { value: "write", label: "Write: all that you may do, but not manage users" },
  { value: "read", label: "Read only" },
] as const;

/** One's tokens, for programs; nothing on a server without users. */
export function TokenCard() {
  const { data: user } = useCurrentUser();
  const tokens = useQuery({
    queryKey: ["tokens"],
    enabled: Boolean(user),
    queryFn: async ({ signal }) => (await call("listTokens", {}, signal)).tokens,
  });
  const revoke = useWrite("revokeToken", ["tokens"]);
  if (!user) return null;
  return (
    <section className="card" aria-labelledby="settings-tokens">
      <h2 id="settings-tokens">Tokens</h2>
      <p className="muted">
        A program that logs here proves by a token who it acts for: <code>MLFLOW_TRACKING_TOKEN</code>.
      </p>
      <NewToken />
      {tokens.data && tokens.data.length > 0 && (
        <table className="token-list">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Good for</th>
              <th scope="col">Used</th>
              <th scope="col">Expires</th>
              <th scope="col">
                <span className="visually-hidden">Revoke</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.data.map((token) => (
              <tr key={token.token_id}>
                <td>{token.name}</td>
                <td>
                  {token.scope}
                  {token.resource_type && `, ${token.resource_type} ${token.resource_id}`}
                </td>
                <td>{token.last_used ? <Ago time={token.last_used} /> : "never"}</td>
                <td>{new Date(token.expiry_time).toISOString().slice(0, 10)}</td>
                <td>
                  <button
                    type="button"
                    className="button quiet"
                    aria-label={`Revoke the token ${token.name}`}
                    onClick={() =>
                      attempt("The token could not be revoked", () => revoke.mutateAsync({ token_id: token.token_id }))
                    }
                  >
                    Revoke
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function NewToken() {
  const create = useWrite("createToken", ["tokens"]);
  const [secret, setSecret] = useState("");
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    try {
      const made = await create.mutateAsync({
        name: String(given.get("name")),
        scope: String(given.get("scope")),
        days: Number(given.get("days")),
      });
      setSecret(made.token);
      form.reset();
    } catch {
      setSecret(""); // the failure is shown below the fields
    }
  };
  return (
    <>
      <form className="token-form" onSubmit={(event) => void send(event)} aria-label="New token">
        <label>
          Name
          <input className="field" name="name" required maxLength={250} />
        </label>
        <label>
          Good for
          <select className="field" name="scope">
            {SCOPES.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label>
          Days
          <input className="field" name="days" type="number" min={1} max={365} defaultValue={30} required />
        </label>
        <button type="submit" className="button" disabled={create.isPending}>
          Make a token
        </button>
        {create.error && <FormFailure error={create.error} />}
      </form>
      {secret && (
        <div role="status" className="token-secret">
          <p>It is shown this once. Copy it now.</p>
          <Snippet code={secret} label="The token" />
        </div>
      )}
    </>
  );
}
