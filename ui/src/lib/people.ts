/** Where a user has its page. */
export function userPath(username: string): string {
  return `/admin/users/${encodeURIComponent(username)}`;
}

/** Where a group has its page. */
export function groupPath(id: number): string {
  return `/admin/groups/${id}`;
}

/** The names in which a text is found, whatever its case: first those that begin with it. */
export function namesWith<Item>(items: readonly Item[], text: string, nameOf: (item: Item) => string): Item[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [...items];
  const within = items.filter((item) => nameOf(item).toLowerCase().includes(wanted));
  const begins = (item: Item) => nameOf(item).toLowerCase().startsWith(wanted);
  return [...within.filter(begins), ...within.filter((item) => !begins(item))];
}

const ORIGINS: Record<string, string> = { password: "password", oidc: "OpenID Connect" };

/** How a user proves who it is, in words. */
export function loginWord(origin: string): string {
  return ORIGINS[origin] ?? origin;
}
