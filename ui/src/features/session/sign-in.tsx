import "../../styles/session.css";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { signIn } from "../../api/session";
import { FormFailure } from "../../components/states";

/** Asks who the page is for. The address stays as it is, so that signing in leads to what was asked for. */
export default function SignIn() {
  const [error, setError] = useState<Error>();
  const [pending, setPending] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    setPending(true);
    try {
      await signIn(String(given.get("username")), String(given.get("password")));
    } catch (refusal) {
      setError(refusal as Error);
      setPending(false);
    }
  };
  return (
    <div className="page-inner sign-in">
      <form className="form card" onSubmit={(event) => void send(event)} aria-labelledby="sign-in">
        <h1 id="sign-in">Sign in</h1>
        <label>
          User
          <input className="field" name="username" autoComplete="username" ref={first} required maxLength={250} />
        </label>
        <label>
          Password
          <input className="field" name="password" type="password" autoComplete="current-password" required />
        </label>
        {error && <FormFailure error={error} />}
        <button type="submit" className="button primary" disabled={pending}>
          Sign in
        </button>
        <p className="muted">An administrator of this server makes users.</p>
      </form>
    </div>
  );
}
