import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { ApiError, call, failure, reach, whenRefused } from "./client";
import { queryClient } from "./queries";

const ADDRESS = "/ajax-api/assay/1/session";

const watchers = new Set<() => void>();
let signedOut = false;

function enter(next: boolean): void {
  if (next === signedOut) return;
  signedOut = next;
  for (const watcher of watchers) watcher();
}

whenRefused(() => enter(true));

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Whether the server has users and does not know who this page is for. */
export function useSignedOut(): boolean {
  return useSyncExternalStore(watch, () => signedOut);
}

/** Exchange name and password for a cookie, and read everything again. */
export async function signIn(username: string, password: string): Promise<void> {
  const response = await reach(ADDRESS, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username, password }),
  });
  if (!response.ok) throw await failure(response, { quietly: true });
  queryClient.clear();
  enter(false);
}

/** End the session, and forget what was read in it. */
export async function signOut(): Promise<void> {
  const response = await reach(ADDRESS, { method: "DELETE" });
  if (!response.ok) throw await failure(response);
  queryClient.clear();
  enter(true);
}

/** Who this page is for; null on a server without users. */
export function useCurrentUser() {
  return useQuery({
    queryKey: ["current-user"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      try {
        return (await call("getCurrentUser", {}, signal)).user;
      } catch (error) {
        if (error instanceof ApiError && error.code === "NOT_IMPLEMENTED") return null;
        throw error;
      }
    },
  });
}
