import "../../styles/session.css";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { changeReader, providerAddress, signIn, useWaysIn } from "../../api/session";
import { FormFailure, SkeletonRows } from "../../components/states";
import { signInFailure } from "../../lib/sign-in-failure";

/** Asks who the page is for. The address stays as it is, so that signing in leads to what was asked for. */
export default function SignIn() {
  const { data: ways, isPending } = useWaysIn();
  const failure = useFailure();
  return (
    <div className="page-inner sign-in">
      <section className="form card" aria-labelledby="sign-in">
        <h1 id="sign-in">Sign in</h1>
        {failure && (
          <p className="form-error" role="alert">
            {failure.message}
            {failure.requestId && (
              <span className="state-asked mono muted" title="The server's log tells of the request by this id">
                request {failure.requestId}
              </span>
            )}
          </p>
        )}
        {isPending ? <SkeletonRows rows={3} /> : <Ways password={ways?.password ?? true} oidc={ways?.oidc ?? ""} />}
      </section>
    </div>
  );
}

/** The ways in, once they are known: nothing moves below the pointer. */
function Ways({ password, oidc }: { password: boolean; oidc: string }) {
  return (
    <>
      {oidc && (
        <a className="button primary provider" href={providerAddress()} onClick={changeReader}>
          Continue with {oidc}
        </a>
      )}
      {oidc && password && <p className="or muted">or with a password</p>}
      {password && <PasswordForm first={!oidc} />}
      {password && !oidc && <p className="muted">An administrator of this server makes users.</p>}
    </>
  );
}

function PasswordForm({ first }: { first: boolean }) {
  const [error, setError] = useState<Error>();
  const [pending, setPending] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (first) field.current?.focus();
  }, [first]);
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
    <form className="form" onSubmit={(event) => void send(event)} aria-labelledby="sign-in">
      <label>
        User
        <input className="field" name="username" autoComplete="username" ref={field} required maxLength={250} />
      </label>
      <label>
        Password
        <input className="field" name="password" type="password" autoComplete="current-password" required />
      </label>
      {error && <FormFailure error={error} />}
      <button type="submit" className={first ? "button primary" : "button"} disabled={pending}>
        Sign in
      </button>
    </form>
  );
}

/** Why a sign-in with a provider failed; told once, so that the address leads on to the page alone. */
function useFailure() {
  const [{ failure, rest }] = useState(() => signInFailure(location.search));
  useEffect(() => {
    if (rest !== location.search) history.replaceState(history.state, "", location.pathname + rest + location.hash);
  }, [rest]);
  return failure;
}
