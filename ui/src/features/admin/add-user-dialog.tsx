import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { useAdminWrite } from "../../api/admin";
import { Dialog } from "../../components/dialog";
import { FormFailure, Snippet } from "../../components/states";
import { generatePassword } from "../../lib/passwords";
import { userPath } from "../../lib/people";
import { isAcceptable, PasswordFields } from "./password-fields";

/** Asks for a name and a password; shows both afterwards, to be handed over. */
export function AddUserDialog({ onClose }: { onClose: () => void }) {
  const create = useAdminWrite("createUser");
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState(generatePassword);
  const name = username.trim();
  const send = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ username: name, password });
  };
  if (create.data) {
    return <Added username={create.data.user.username} password={password} onClose={onClose} />;
  }
  return (
    <Dialog title="Add a user" onClose={onClose}>
      <form className="form" onSubmit={send}>
        <label>
          Name
          <input
            className="field"
            value={username}
            autoComplete="off"
            spellCheck={false}
            maxLength={250}
            required
            onChange={(event) => setUsername(event.target.value)}
          />
        </label>
        <PasswordFields username={name} password={password} onPassword={setPassword} />
        {create.error && <FormFailure error={create.error} />}
        <footer>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            className="button primary"
            disabled={create.isPending || name === "" || !isAcceptable(password, name)}
          >
            Add the user
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function Added({ username, password, onClose }: { username: string; password: string; onClose: () => void }) {
  const [, navigate] = useLocation();
  return (
    <Dialog title="The user was added" onClose={onClose}>
      <p role="status">Hand this over. The password is shown this once; who has it can change it in the settings.</p>
      <Snippet code={`${location.origin}\n${username}\n${password}`} label="Address, name and password" />
      <p className="muted">Nothing is granted to the user yet, but by what the server grants to all.</p>
      <footer>
        <button type="button" className="button" onClick={onClose}>
          Done
        </button>
        <button type="button" className="button primary" onClick={() => navigate(userPath(username))}>
          Groups and grants
        </button>
      </footer>
    </Dialog>
  );
}
