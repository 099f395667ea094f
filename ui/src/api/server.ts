import { useQuery } from "@tanstack/react-query";
import { call, failure, reach } from "./client";

/** What the server says of itself, and how long it took to say so. */
export function useServer() {
  return useQuery({
    queryKey: ["server"],
    staleTime: 0,
    queryFn: async ({ signal }) => {
      const begun = performance.now();
      const info = await call("getServerInfo", {}, signal);
      const milliseconds = performance.now() - begun;
      const version = await reach("/version", { signal });
      if (!version.ok) throw await failure(version);
      return { info, milliseconds, mlflow: await version.text() };
    },
  });
}
