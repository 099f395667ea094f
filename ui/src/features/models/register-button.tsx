import { useState } from "react";
import { Icon } from "../../components/icons";
import { later } from "../../components/later";

const RegisterDialog = later(() => import("./register-dialog"));

/** What is registered: a logged model, or a folder of a run. */
export interface Registrable {
  /** What it is called where it was logged. */
  label: string;
  source: string;
  runId: string;
  modelId: string;
}

/** A button that makes a version of a registered model. */
export function RegisterButton({ what, primary = false }: { what: Registrable; primary?: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={primary ? "button primary" : "button"}
        aria-label={`Register ${what.label}`}
        onClick={() => setOpen(true)}
      >
        <Icon name="cube" />
        Register
      </button>
      {open && <RegisterDialog what={what} onClose={() => setOpen(false)} />}
    </>
  );
}
