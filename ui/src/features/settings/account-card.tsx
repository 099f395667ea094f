import "../../styles/session.css";
import { type FormEvent, useState } from "react";
import { useWrite } from "../../api/queries";
import { signOut, useCurrentUser } from "../../api/session";
import { FormFailure } from "../../components/states";
import { attempt } from "../../components/toast";

/** Who the page is for; nothing on a server without users. */
export function AccountCard() {
  const { data: user } = useCurrentUser();
  if (!user) return null;
  return (
    <section className="card" aria-labelledby="settings-account">
      <h2 id="settings-account">You</h2>
      <p>
        Signed in as <strong>{user.username}</strong>
        {user.is_admin && ", an administrator"}.
      </p>
      <p>
        <button type="button" className="button" onClick={() => attempt("You could not be signed out", signOut)}>
          Sign out
        </button>
      </p>
      {user.origin === "password" && <PasswordForm username={user.username} />}
    </section>
  );
}

function PasswordForm({ username }: { username: string }) {
  const change = useWrite("updateUserPassword", []);
  const [done, setDone] = useState(false);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    setDone(false);
    try {
      await change.mutateAsync({
        username,
        password: String(given.get("password")),
        current_password: String(given.get("current")),
      });
    } catch {
      return; // the failure is shown below the fields
    }
    form.reset();
    setDone(true);
  };
  return (
    <form className="token-form" onSubmit={(event) => void send(event)} aria-label="Change the password">
      <input type="text" name="username" value={username} autoComplete="username" readOnly hidden />
      <label>
        Present password
        <input className="field" name="current" type="password" autoComplete="current-password" required />
      </label>
      <label>
        New password, 12 characters or more
        <input className="field" name="password" type="password" autoComplete="new-password" minLength={12} required />
      </label>
      <button type="submit" className="button" disabled={change.isPending}>
        Change the password
      </button>
      {change.error && <FormFailure error={change.error} />}
      {done && <p role="status">The password was changed. All sessions were ended: sign in again.</p>}
    </form>
  );
}
