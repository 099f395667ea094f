import { useEffect, useState } from "react";

/** The last answer within a scope: what it shows stays while the next answer is on its way, or failed to come. */
export function useLastGood<Answer>(data: Answer | undefined, scope: string): Answer | undefined {
  const [kept, setKept] = useState<{ data: Answer; scope: string }>();
  useEffect(() => {
    if (data) setKept({ data, scope });
  }, [data, scope]);
  return data ?? (kept?.scope === scope ? kept.data : undefined);
}
