import { Icon } from "../../components/icons";
import { Asked } from "../../components/states";

/** What stands over a page that could not be read again: it was deleted, or the way to it is closed. */
export function GoneNotice({ what, error }: { what: string; error: Error | null }) {
  if (!error) return null;
  const gone = "status" in error && error.status === 404;
  return (
    <p className="notice" role="alert">
      <Icon name="warning" />
      <span>
        {gone
          ? `This ${what} was deleted while it was open. What was read last is shown.`
          : `This ${what} could not be read again, so what was read last is shown: ${error.message}`}
        <Asked error={error} />
      </span>
    </p>
  );
}
