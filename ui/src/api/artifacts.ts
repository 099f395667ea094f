import { failure, reach } from "./client";

/** Whether files belong to a logged model, as its id says, not to a run. */
export function isLoggedModel(ownerId: string): boolean {
  return ownerId.startsWith("m-");
}

/** The address of a file of a run or a logged model. */
export function artifactUrl(runId: string, path: string): string {
  if (isLoggedModel(runId)) {
    const query = new URLSearchParams({ artifact_file_path: path });
    return `/ajax-api/2.0/mlflow/logged-models/${encodeURIComponent(runId)}/artifacts/files?${query}`;
  }
  return `/get-artifact?${new URLSearchParams({ run_id: runId, path })}`;
}

export interface Head {
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether the file ends where the bytes do. */
  whole: boolean;
}

/** The first bytes of a run's file, never more than `limit` even where the server ignores ranges. */
export async function fetchHead(
  runId: string,
  path: string,
  { limit, signal }: { limit: number; signal: AbortSignal },
): Promise<Head> {
  const response = await reach(artifactUrl(runId, path), { signal, headers: { Range: `bytes=0-${limit - 1}` } });
  if (response.status === 416) return { bytes: new Uint8Array(), whole: true }; // an empty file has no range
  if (!response.ok) throw await failure(response);
  const { bytes, ended } = await readAtMost(response, limit);
  const total = /\/(\d+)$/.exec(response.headers.get("Content-Range") ?? "")?.[1];
  return { bytes, whole: total === undefined ? ended : bytes.length >= Number(total) };
}

async function readAtMost(
  response: Response,
  limit: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; ended: boolean }> {
  const reader = response.body?.getReader();
  if (!reader) return { bytes: new Uint8Array(), ended: true };
  const bytes = new Uint8Array(limit);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { bytes: bytes.slice(0, length), ended: true };
    const part = value.subarray(0, limit - length);
    bytes.set(part, length);
    length += part.length;
    if (part.length < value.length) {
      await reader.cancel();
      return { bytes, ended: false };
    }
  }
}
