import { OPERATIONS, type Operations } from "./generated";

const PREFIX = "/ajax-api/";

interface Answered {
  code: string;
  status: number;
  asked?: string;
  requestId?: string;
}

/** What the server, or the way to it, said went wrong. `status` is 0 where no answer came. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  /** What was asked, as the server's log names it; empty where no answer came. */
  readonly asked: string;
  /** What the server's log calls the request; empty where no answer came. */
  readonly requestId: string;

  constructor(message: string, { code, status, asked = "", requestId = "" }: Answered) {
    super(message);
    this.asked = asked;
    this.requestId = requestId;
    this.name = "ApiError";
    this.code = code;
    this.status = status;
  }
}

/** Ask the server for one operation. Rejects with `ApiError`, or with `AbortError` when `signal` fires. */
export async function call<Name extends keyof Operations>(
  name: Name,
  request: Operations[Name]["request"],
  signal?: AbortSignal,
): Promise<Operations[Name]["response"]> {
  const { method, path: template } = OPERATIONS[name];
  const path = addressOf(template, request);
  const response =
    method === "GET"
      ? await reach(`${PREFIX}${path}${queryOf(request)}`, { signal })
      : await reach(`${PREFIX}${path}`, {
          method,
          signal,
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(request),
        });
  if (!response.ok) throw await failure(response);
  return (await response.json()) as Operations[Name]["response"];
}

/** As many as a request may change together. */
const AT_ONCE = 1000;

/** Change any number of things, as many at a time as the server takes. */
export async function inParts(ids: string[], act: (part: string[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < ids.length; start += AT_ONCE) await act(ids.slice(start, start + AT_ONCE));
}

/** Fetch, with an unreachable server told as an `ApiError`. */
export async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("The server cannot be reached. Check that it runs, then try again.", {
      code: "UNREACHABLE",
      status: 0,
    });
  }
}

let refused = () => {};

/** What to do when the server asks who the page is for. */
export function whenRefused(act: () => void): void {
  refused = act;
}

/** The error that an answer holds; its status line where it holds none. `quietly`, signing in is not asked for. */
export async function failure(response: Response, { quietly = false } = {}): Promise<ApiError> {
  if (response.status === 401 && !quietly) refused();
  const text = await response.text();
  const { error_code: code, message } = parseError(text);
  return new ApiError(message ?? `The server answered ${response.status} ${response.statusText}.`.trim(), {
    code: code ?? "UNKNOWN",
    status: response.status,
    ...requestOf(response),
  });
}

/** By what a request is found in the server's log. */
export function requestOf(response: Response): { asked: string; requestId: string } {
  return {
    asked: new URL(response.url, location.href).pathname,
    requestId: response.headers.get("X-Request-Id") ?? "",
  };
}

function parseError(text: string): { error_code?: string; message?: string } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** A path with its variables, `{model_id}`, filled in from the request: each is one segment. */
function addressOf(template: string, request: object): string {
  const values = new Map(Object.entries(request));
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values.get(name))));
}

function queryOf(request: object): string {
  const values = new URLSearchParams();
  for (const [name, value] of Object.entries(request)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) values.append(name, String(one));
    }
  }
  const text = values.toString();
  return text ? `?${text}` : "";
}
