import { ApiError, failure, reach, requestOf } from "./client";

/** Whose files: a run's, or a logged model's. */
export interface Owner {
  kind: "run" | "model";
  id: string;
}

/** The address of a file. `inline` is for pages and PDFs that a frame shows: they come without any rights. */
export function artifactUrl({ kind, id }: Owner, path: string, { inline = false } = {}): string {
  const more: Record<string, string> = inline ? { inline: "true" } : {};
  if (kind === "run") return `/get-artifact?${new URLSearchParams({ run_id: id, path, ...more })}`;
  const query = new URLSearchParams({ artifact_file_path: path, ...more });
  return `/ajax-api/2.0/mlflow/logged-models/${encodeURIComponent(id)}/artifacts/files?${query}`;
}

/** The address of a folder as one ZIP file. */
export function archiveUrl({ kind, id }: Owner, path: string): string {
  const owner: Record<string, string> = kind === "run" ? { run_id: id } : { model_id: id };
  return `/ajax-api/assay/1/${kind}-archive?${new URLSearchParams({ ...owner, path })}`;
}

/** What is known of a file before any of it is read. */
export interface Facts {
  size: number;
  etag: string;
  /** Milliseconds. */
  modified: number;
  sha256: string | undefined;
}

/** Facts of a file; undefined where there is none of this path, though there may be a folder. */
export async function fetchFacts(owner: Owner, path: string, signal: AbortSignal): Promise<Facts | undefined> {
  const response = await reach(artifactUrl(owner, path), { method: "HEAD", signal });
  if (response.status === 400 || response.status === 404) return undefined;
  if (!response.ok) throw await headFailure(response);
  const digest = /sha-256=:([^:]+):/.exec(response.headers.get("Repr-Digest") ?? "")?.[1];
  return {
    size: Number(response.headers.get("Content-Length") ?? 0),
    etag: response.headers.get("ETag") ?? "",
    modified: Date.parse(response.headers.get("Last-Modified") ?? ""),
    sha256: digest && [...atob(digest)].map((sign) => sign.charCodeAt(0).toString(16).padStart(2, "0")).join(""),
  };
}

/** Answers to HEAD have no body to say what went wrong. */
async function headFailure(response: Response): Promise<ApiError> {
  if (response.status === 403) {
    return new ApiError("You may not read this file. Ask the owner of the experiment.", {
      code: "FORBIDDEN",
      status: 403,
      ...requestOf(response),
    });
  }
  return failure(response);
}

/** What stands where a file was when it was opened: it was deleted, or another one took its place. */
export class Changed extends ApiError {
  constructor(status: number) {
    const what = status === 404 ? "was deleted" : "was replaced by another one";
    super(`The file ${what} while it was open.`, { code: "CHANGED", status });
  }
}

/**
 * The bytes of a file from `start` up to, not including, `end`, or to the file's end; never more, even where the server
 * ignores ranges. Rejects with `Changed` where it is no longer the file of this `etag`.
 */
export async function fetchRange(
  url: string,
  { start, end, etag, signal }: { start: number; end: number; etag: string; signal?: AbortSignal | undefined },
): Promise<Uint8Array<ArrayBuffer>> {
  if (end <= start) return new Uint8Array();
  const response = await reach(url, { signal: signal ?? null, headers: { Range: `bytes=${start}-${end - 1}` } });
  // What is not read holds its connection until it is dropped.
  const drop = async () => response.body?.cancel();
  if (response.status === 416) {
    await drop();
    return new Uint8Array(); // an empty file has no range
  }
  if (response.status === 404) {
    await drop();
    throw new Changed(404);
  }
  if (!response.ok) throw await failure(response);
  if (etag !== "" && response.headers.get("ETag") !== etag) {
    await drop();
    throw new Changed(412);
  }
  const skipped = response.status === 206 ? 0 : start;
  return (await readAtMost(response, skipped + end - start)).subarray(skipped);
}

async function readAtMost(response: Response, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array();
  const bytes = new Uint8Array(limit);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes.slice(0, length);
    const part = value.subarray(0, limit - length);
    bytes.set(part, length);
    length += part.length;
    if (length === limit) {
      await reader.cancel();
      return bytes;
    }
  }
}
