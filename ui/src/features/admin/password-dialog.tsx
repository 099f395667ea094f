import { type FormEvent, useState } from "react";
import { useAdminWrite } from "../../api/admin";
import { Dialog } from "../../components/dialog";
import { FormFailure, Snippet } from "../../components/states";
import { generatePassword } from "../../lib/passwords";
import { isAcceptable, PasswordFields } from "./password-fields";

/** Sets somebody's password; shows it afterwards, to be handed over. */
export function PasswordDialog({ username, onClose }: { username: string; onClose: () => void }) {
  const change = useAdminWrite("updateUserPassword");
  const [password, setPassword] = useState(generatePassword);
  const send = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ username, password });
  };
  return (
    <Dialog title={`Set the password of ${username}`} onClose={onClose}>
      {change.isSuccess ? (
        <>
          <p role="status">It was set, and all sessions of the user were ended. It is shown this once.</p>
          <Snippet code={password} label="The password" />
          <footer>
            <button type="button" className="button primary" onClick={onClose}>
              Done
            </button>
          </footer>
        </>
      ) : (
        <form className="form" onSubmit={send}>
          <PasswordFields username={username} password={password} onPassword={setPassword} />
          <p className="muted">It ends all sessions of the user; tokens stay good.</p>
          {change.error && <FormFailure error={change.error} />}
          <footer>
            <button type="button" className="button" onClick={onClose}>
              Cancel
            </button>
            <button
              type="submit"
              className="button primary"
              disabled={change.isPending || !isAcceptable(password, username)}
            >
              Set the password
            </button>
          </footer>
        </form>
      )}
    </Dialog>
  );
}
