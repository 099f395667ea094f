import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { VISITED_KEPT_AS } from "../lib/palette";
import { ApiError, call, failure, reach, whenRefused } from "./client";
import { connect, disconnect, whenGreeted } from "./live";
import { queryClient } from "./queries";

const ADDRESS = "/ajax-api/assay/1/session";

const watchers = new Set<() => void>();
const KEPT_AS = "assay.administrator";
/** Is another each time that somebody comes or leaves, by which all pages of the browser know. */
const CHANGED_AS = "assay.reader";
let signedOut = false;
// As it was last, so that the bar does not change while the page is greeted.
let isAdmin = localStorage.getItem(KEPT_AS) !== null;

function enter(next: boolean): void {
  if (next === signedOut) return;
  signedOut = next;
  if (next) {
    administer(false);
    localStorage.removeItem(VISITED_KEPT_AS);
    disconnect();
  } else connect();
  for (const watcher of watchers) watcher();
}

function administer(next: boolean): void {
  if (next === isAdmin) return;
  isAdmin = next;
  if (next) localStorage.setItem(KEPT_AS, "yes");
  else localStorage.removeItem(KEPT_AS);
  for (const watcher of watchers) watcher();
}

/** Have other pages of this browser forget what they show: who reads them next may be somebody else. */
export function changeReader(): void {
  localStorage.setItem(CHANGED_AS, String(Date.now()));
}

window.addEventListener("storage", ({ key }) => {
  if (key === CHANGED_AS) location.reload();
});

whenRefused(() => enter(true));
whenGreeted(administer);

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Whether the server has users and does not know who this page is for. */
export function useSignedOut(): boolean {
  return useSyncExternalStore(watch, () => signedOut);
}

/** Whether an administrator looks at the page: what only those may do is shown. The server decides what is done. */
export function useIsAdmin(): boolean {
  return useSyncExternalStore(watch, () => isAdmin);
}

/** How one signs in here: `oidc` is what the OpenID provider is called, empty where there is none. */
export function useWaysIn() {
  return useQuery({
    queryKey: ["ways-in"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const { password_login, oidc_name } = await call("getServerInfo", {}, signal);
      return { password: password_login, oidc: oidc_name };
    },
  });
}

/** Where a browser is led to sign in with the provider, and back to the page that is open. */
export function providerAddress(): string {
  return `${ADDRESS}/oidc?${new URLSearchParams({ to: location.pathname + location.search })}`;
}

/** Exchange name and password for a cookie, and read everything again. */
export async function signIn(username: string, password: string): Promise<void> {
  const response = await reach(ADDRESS, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username, password }),
  });
  if (!response.ok) throw await failure(response, { quietly: true });
  changeReader();
  administer(((await response.json()) as { is_admin: boolean }).is_admin);
  queryClient.clear();
  enter(false);
}

/** End the session, and forget what was read in it. */
export async function signOut(): Promise<void> {
  const response = await reach(ADDRESS, { method: "DELETE" });
  if (!response.ok) throw await failure(response);
  changeReader();
  queryClient.clear();
  enter(true);
}

/** Who this page is for; null on a server without users. */
export function useCurrentUser(enabled = true) {
  return useQuery({
    queryKey: ["current-user"],
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      try {
        const { user } = await call("getCurrentUser", {}, signal);
        administer(user.is_admin);
        return user;
      } catch (error) {
        if (error instanceof ApiError && error.code === "NOT_IMPLEMENTED") return null;
        throw error;
      }
    },
  });
}

/** Why something may look as if it were not there, for who is signed in; empty where that is not so. */
export function useNotForYou(error: Error | null): string {
  const { data: user } = useCurrentUser(error instanceof ApiError && error.status === 404);
  if (!user || user.is_admin) return "";
  return `It is not there, or not for you, ${user.username}. Who manages it can grant it to you, and so can administrators.`;
}
