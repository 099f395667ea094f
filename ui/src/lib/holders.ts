/** Something granted, as the server tells it: to one user or to a group, here or on more. */
export interface GrantLike {
  resource_type: string;
  resource_pattern: string;
  role_id: number;
  role_name?: string;
  username?: string;
  permission: string;
  members?: number;
}

const ALL = "*";
const WIDE: Record<string, string> = {
  experiment: "all experiments",
  registered_model: "all models",
  workspace: "everything",
};

/** Where a grant counts that is not on this one alone; empty for one that is. */
export function placeOf({ resource_type: type, resource_pattern: pattern }: GrantLike): string {
  return pattern === ALL ? (WIDE[type] ?? type) : "";
}

/** Why a user may do what they may: the grants that count for them, in words. */
export function reasonsOf(
  { is_admin: isAdmin, role_ids: roleIds }: { is_admin: boolean; role_ids: number[] },
  grants: readonly GrantLike[],
): string[] {
  const said = grants
    .filter((grant) => roleIds.includes(grant.role_id))
    .map((grant) => {
      const place = placeOf(grant);
      const to = grant.role_name ? `group ${grant.role_name}` : "granted";
      return `${to}${place ? ` on ${place}` : grant.role_name ? "" : " here"}: ${grant.permission}`;
    });
  return isAdmin ? ["administrator", ...said] : said;
}
