const KEPT = 10_000;
const UNSAFE = /[^\p{L}\p{N}._-]+/gu;

/** Comma-separated values as a file. */
export function csvFile(text: string): Blob {
  return new Blob([text], { type: "text/csv;charset=utf-8" });
}

/** Give the reader a file. */
export function download(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name.replace(UNSAFE, "-");
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT);
}
