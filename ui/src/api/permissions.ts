import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import type { Operations } from "./generated";
import { useCurrentUser } from "./session";

/** An experiment by its id, or a registered model by its name. */
export interface Resource {
  kind: "experiment" | "registered_model";
  id: string;
}

/** Who may do what with something, and why. */
export function useHolders({ kind, id }: Resource) {
  return useQuery({
    queryKey: ["holders", kind, id],
    staleTime: 0,
    queryFn: ({ signal }) => call("listResourceHolders", { resource_type: kind, resource_id: id }, signal),
  });
}

const TOUCHED = ["holders", "experiment", "experiments", "model", "models", "admin"];

/** A change of what is granted; afterwards all that depends on it is read again. */
export function useGrantWrite<Name extends "setResourceGrant" | "removeResourceGrant">(name: Name) {
  const client = useQueryClient();
  return useMutation<Operations[Name]["response"], Error, Operations[Name]["request"]>({
    mutationFn: (request) => call(name, request),
    onSuccess: () => Promise.all(TOUCHED.map((kind) => client.invalidateQueries({ queryKey: [kind] }))),
  });
}

/** Names of users, for a choice. */
export function useUserNames(enabled: boolean): string[] {
  const { data } = useQuery({
    queryKey: ["user-names"],
    enabled,
    queryFn: async ({ signal }) => (await call("listUsers", {}, signal)).users.map((user) => user.username),
  });
  return data ?? [];
}

/** Names of groups, for a choice: all of them for administrators, one's own for others. */
export function useGroupNames(enabled: boolean): string[] {
  const { data: user } = useCurrentUser();
  const { data } = useQuery({
    queryKey: ["group-names", user?.username],
    enabled: enabled && Boolean(user),
    queryFn: async ({ signal }) => {
      const { roles } = user?.is_admin
        ? await call("listRoles", {}, signal)
        : await call("listUserRoles", { username: user?.username ?? "" }, signal);
      return roles.map((role) => role.name);
    },
  });
  return data ?? [];
}
