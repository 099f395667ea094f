import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type AuditFilter, auditRequest } from "../lib/audit";
import { call } from "./client";
import type { AuditEntry, Operations } from "./generated";

/** All that is read for the pages of administrators has a key that begins so. */
const READ = "admin";
const PAGE = 100;
const LARGEST_PAGE = 1000;
const MOST_FOUND = 20;

/** All users at a glance. */
export function useUsers() {
  return useQuery({ queryKey: [READ, "users"], queryFn: ({ signal }) => call("viewUsers", {}, signal) });
}

/** One user with its groups and all that is granted to it. */
export function useUserPage(username: string) {
  return useQuery({
    queryKey: [READ, "user", username],
    queryFn: ({ signal }) => call("viewUser", { username }, signal),
  });
}

/** A user's tokens, the newest first. */
export function useTokensOf(username: string) {
  return useQuery({
    queryKey: [READ, "tokens", username],
    queryFn: async ({ signal }) => (await call("listTokens", { username }, signal)).tokens,
  });
}

/** Where a user is signed in. */
export function useSessionsOf(username: string) {
  return useQuery({
    queryKey: [READ, "sessions", username],
    queryFn: async ({ signal }) => (await call("listSessions", { username }, signal)).sessions,
  });
}

/** All groups at a glance; to MLflow they are roles. */
export function useGroups() {
  return useQuery({
    queryKey: [READ, "groups"],
    queryFn: async ({ signal }) => (await call("viewRoles", {}, signal)).roles,
  });
}

/** One group with its members and what is granted to it. */
export function useGroupPage(id: number) {
  return useQuery({
    queryKey: [READ, "group", id],
    queryFn: ({ signal }) => call("viewRole", { role_id: id }, signal),
  });
}

/** A change of users, groups or grants; afterwards what administrators see of them is read again. */
export function useAdminWrite<Name extends keyof Operations>(name: Name) {
  const client = useQueryClient();
  return useMutation<Operations[Name]["response"], Error, Operations[Name]["request"]>({
    mutationFn: (request) => call(name, request),
    onSuccess: () => Promise.all([READ, "current-user"].map((kind) => client.invalidateQueries({ queryKey: [kind] }))),
  });
}

/** Experiments or registered models that have a text in their name. */
export function useResources(kind: "experiment" | "registered_model", text: string) {
  return useQuery({
    queryKey: ["resources", text],
    enabled: text !== "",
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await call("findAnything", { text, max_results: MOST_FOUND }, signal)).items,
    select: (items) => items.filter((item) => item.kind === (kind === "experiment" ? "experiment" : "model")),
  });
}

/** Entries of the audit log, the latest first, a page at a time. */
export function useAudit(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: [READ, "audit", filter],
    initialPageParam: "",
    staleTime: 0,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      call("searchAudit", { ...auditRequest(filter), max_results: PAGE, page_token: pageParam || null }, signal),
    getNextPageParam: (last) => last.next_page_token || undefined,
  });
}

/** The actions that the audit log remembers. */
export function useAuditActions() {
  return useQuery({
    queryKey: [READ, "audit-actions"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => (await call("listAuditActions", {}, signal)).actions,
  });
}

/** Check that the audit log is as it was written. */
export function useAuditCheck() {
  return useMutation({ mutationFn: () => call("checkAudit", {}) });
}

interface Reading {
  most: number;
  /** Told how many were read so far. */
  onRead: (count: number) => void;
  signal: AbortSignal;
}

/** All entries that match, the latest first, up to so many. */
export async function readAudit(filter: AuditFilter, { most, onRead, signal }: Reading): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  let token: string | null = null;
  do {
    const size = Math.min(LARGEST_PAGE, most - found.length);
    const page: Operations["searchAudit"]["response"] = await call(
      "searchAudit",
      { ...auditRequest(filter), max_results: size, page_token: token },
      signal,
    );
    found.push(...page.entries);
    onRead(found.length);
    token = page.next_page_token || null;
  } while (token && found.length < most);
  return found;
}
