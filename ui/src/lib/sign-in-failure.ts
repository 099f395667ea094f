/** Why the server let nobody in whom an identity provider sent: its words, and ours for each. */
const WORDS: Record<string, string> = {
  denied: "The sign-in was cancelled, or is not allowed there.",
  expired: "The sign-in took too long, or was begun in another browser, or under another address. Try again.",
  group: "You are in none of the groups that may use this server. Ask an administrator to let one of yours in.",
  limit: "There were too many wrong sign-ins from your address. Try again in a few minutes.",
  name: "Your name cannot be used here: another user has it, or it was not told. Ask an administrator for help.",
  proof: "What the identity provider says of you could not be verified. Try again, or tell an administrator.",
  provider: "The identity provider does not answer as it should. Try again in a minute, or tell an administrator.",
};
const WHY = "sign-in-failed";
const REQUEST = "request";

interface SignInFailure {
  message: string;
  /** By what the server's log knows the request. */
  requestId: string;
}

/** What an address says of a sign-in that failed, and the address without it. Texts that are not ours are not shown. */
export function signInFailure(search: string): { failure?: SignInFailure; rest: string } {
  const parameters = new URLSearchParams(search);
  const why = parameters.get(WHY);
  if (why === null) return { rest: search };
  const given = parameters.get(REQUEST) ?? "";
  parameters.delete(WHY);
  parameters.delete(REQUEST);
  const rest = parameters.size ? `?${parameters}` : "";
  const message = Object.hasOwn(WORDS, why) ? WORDS[why] : undefined;
  if (message === undefined) return { rest };
  return { failure: { message, requestId: /^[0-9a-f]{16}$/.test(given) ? given : "" }, rest };
}
