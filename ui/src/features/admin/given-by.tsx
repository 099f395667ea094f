import { loginWord } from "../../lib/people";

/** Where a membership comes from, where that is not here. */
export function GivenBy({ origin }: { origin: string }) {
  if (origin === "manual") return null;
  return <span title="Given anew at each login, as long as the provider says so"> by {loginWord(origin)}</span>;
}
