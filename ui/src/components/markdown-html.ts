import { safeMarkup } from "./safe-html";
import { askWorker } from "./worker";

const MOST_MILLISECONDS = 3000;

/** Markdown as HTML, read in a worker: a text made to take for ever is given up. What it holds is not cleaned yet. */
export function parseMarkdown(text: string, signal?: AbortSignal): Promise<string> {
  return askWorker<string>(new Worker(new URL("./markdown-worker.ts", import.meta.url), { type: "module" }), text, {
    milliseconds: MOST_MILLISECONDS,
    signal,
  });
}

/** Markdown as HTML that can stand in a file: nothing in it acts, or asks for anything. */
export async function markdownMarkup(text: string): Promise<string> {
  return safeMarkup(await parseMarkdown(text));
}
