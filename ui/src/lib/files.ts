/** How a file can be shown. */
export type Preview = "image" | "json" | "csv" | "tsv" | "text" | "binary" | "unknown";

const IMAGES = ["png", "jpg", "jpeg", "gif", "webp", "bmp", "svg", "avif", "ico"];
const TEXTS = [
  ..."txt log md rst py ipynb r jl sh sql js ts html htm css xml yaml yml toml ini cfg conf env".split(" "),
  ..."mlmodel dockerfile makefile requirements lock jsonl ndjson tex diff patch".split(" "),
];
const BINARIES = [
  ..."pkl pickle joblib pt pth ckpt onnx h5 hdf5 npy npz safetensors bin model pb tflite gguf".split(" "),
  ..."zip gz tgz bz2 xz zst tar whl jar so dll exe parquet feather arrow db sqlite pdf".split(" "),
  ..."mp3 wav flac ogg mp4 webm mov avi".split(" "),
];

export function extensionOf(path: string): string {
  const name = baseName(path);
  return name.includes(".") ? name.slice(name.lastIndexOf(".") + 1).toLowerCase() : name.toLowerCase();
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folders above a path, outermost first: "a/b/c" gives "a", "a/b". */
export function foldersAbove(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** How a file is shown, by its name; "unknown" has to be looked into. */
export function previewOf(path: string): Preview {
  const extension = extensionOf(path);
  if (IMAGES.includes(extension)) return "image";
  if (extension === "json" || extension === "geojson") return "json";
  if (extension === "csv" || extension === "tsv") return extension;
  if (BINARIES.includes(extension)) return "binary";
  return TEXTS.includes(extension) ? "text" : "unknown";
}

/** Whether bytes look like text: no zero byte, and valid UTF-8 up to a cut at the end. */
export function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 65536);
  if (head.includes(0)) return false;
  const text = new TextDecoder("utf-8").decode(head);
  const broken = text.slice(0, -4).match(/\uFFFD/g)?.length ?? 0;
  return broken <= text.length / 1000;
}

/** The first bytes of a file as lines of a hex listing. */
export function hexLines(bytes: Uint8Array, most: number): string[] {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, most); at += 16) {
    const part = [...bytes.subarray(at, at + 16)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·")).join("");
    lines.push(`${at.toString(16).padStart(6, "0")}  ${hex.padEnd(47)}  ${text}`);
  }
  return lines;
}
