import { useId, useState } from "react";
import { CopyButton } from "../../components/copy";
import { Icon } from "../../components/icons";
import { generatePassword, passwordRules } from "../../lib/passwords";

interface Props {
  username: string;
  password: string;
  onPassword: (password: string) => void;
}

/** Whether a password may be sent: the server has a last word. */
export function isAcceptable(password: string, username: string): boolean {
  return passwordRules(password, username).every((rule) => rule.kept);
}

/** A field for somebody's new password, with its rules, and one that is made up on demand. */
export function PasswordFields({ username, password, onPassword }: Props) {
  const rules = useId();
  const [shown, setShown] = useState(true);
  return (
    <div className="password-fields">
      <label>
        Password
        <input
          className="field mono"
          type={shown ? "text" : "password"}
          value={password}
          autoComplete="new-password"
          spellCheck={false}
          maxLength={1024}
          aria-describedby={rules}
          onChange={(event) => onPassword(event.target.value)}
        />
      </label>
      <div className="password-acts">
        <button type="button" className="button" onClick={() => onPassword(generatePassword())}>
          <Icon name="reset" />
          Another one
        </button>
        <button type="button" className="button quiet" aria-pressed={!shown} onClick={() => setShown(!shown)}>
          <Icon name={shown ? "eye-off" : "eye"} />
          {shown ? "Hide" : "Show"}
        </button>
        <CopyButton text={password} label="Copy the password" />
      </div>
      <ul id={rules} className="password-rules">
        {passwordRules(password, username).map((rule) => (
          <li key={rule.text} className={rule.kept ? "kept" : ""}>
            {rule.kept ? <Icon name="check" /> : <span className="password-open" aria-hidden="true" />}
            {rule.text}
            <span className="visually-hidden">{rule.kept ? ", kept" : ", not yet"}</span>
          </li>
        ))}
        <li className="muted">not one that everybody knows: the server checks that</li>
      </ul>
    </div>
  );
}
