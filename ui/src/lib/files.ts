import { formatBytes, plural } from "./format";

/** How a file can be shown. */
export type Preview =
  | "image"
  | "json"
  | "yaml"
  | "csv"
  | "tsv"
  | "parquet"
  | "markdown"
  | "html"
  | "notebook"
  | "model"
  | "pdf"
  | "audio"
  | "video"
  | "npy"
  | "safetensors"
  | "zip"
  | "text"
  | "binary"
  | "unknown";

const KINDS: Array<[Preview, string]> = [
  ["image", "png jpg jpeg gif webp bmp svg avif ico"],
  ["json", "json geojson"],
  ["yaml", "yaml yml"],
  ["csv", "csv"],
  ["tsv", "tsv"],
  ["parquet", "parquet"],
  ["markdown", "md markdown"],
  ["html", "html htm"],
  ["notebook", "ipynb"],
  ["model", "mlmodel"],
  ["pdf", "pdf"],
  ["audio", "mp3 wav flac ogg oga m4a aac opus"],
  ["video", "mp4 webm mov m4v ogv"],
  ["npy", "npy"],
  ["safetensors", "safetensors"],
  ["zip", "zip npz jar whl keras"],
  ["text", "txt log rst py pyi r jl sh bash sql js mjs ts tsx jsx css xml toml ini cfg conf env properties"],
  ["text", "dockerfile makefile requirements lock jsonl ndjson tex diff patch c h cpp hpp cc cu go rs java kt rb"],
  ["binary", "pkl pickle joblib pt pth ckpt onnx h5 hdf5 bin model pb tflite gguf skops"],
  ["binary", "gz tgz bz2 xz zst tar so dll exe feather arrow db sqlite avi"],
];
const BY_EXTENSION = new Map(KINDS.flatMap(([kind, all]) => all.split(" ").map((one) => [one, kind] as const)));

/** The languages that are coloured, by extension; others are plain text. */
const LANGUAGES: Array<[string, string]> = [
  ["python", "py pyi"],
  ["json", "json geojson jsonl ndjson ipynb"],
  ["yaml", "yaml yml mlmodel"],
  ["ini", "toml ini cfg conf env properties"],
  ["bash", "sh bash"],
  ["sql", "sql"],
  ["r", "r"],
  ["julia", "jl"],
  ["javascript", "js mjs jsx"],
  ["typescript", "ts tsx"],
  ["css", "css"],
  ["xml", "xml html htm svg"],
  ["markdown", "md markdown"],
  ["diff", "diff patch"],
  ["dockerfile", "dockerfile"],
  ["makefile", "makefile"],
  ["cpp", "c h cpp hpp cc cu"],
];
const BY_LANGUAGE = new Map(
  LANGUAGES.flatMap(([language, all]) => all.split(" ").map((one) => [one, language] as const)),
);

/** The language in which a file is coloured; undefined for plain text. */
export function languageOf(path: string): string | undefined {
  return BY_LANGUAGE.get(extensionOf(path));
}

export function extensionOf(path: string): string {
  const name = baseName(path);
  return name.includes(".") ? name.slice(name.lastIndexOf(".") + 1).toLowerCase() : name.toLowerCase();
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** What a folder holds, in words; `bytes` is null where nobody measured it. */
export function contentsOf(folder: {
  total: number;
  folders: number;
  bytes: number | null;
  complete: boolean;
}): string {
  const { total, folders, bytes, complete } = folder;
  if (!complete) return `More than ${plural(total, "file")}`;
  const files = total - folders;
  const size = bytes === null ? "" : ` (${formatBytes(bytes)})`;
  return [files > 0 && plural(files, "file") + size, folders > 0 && plural(folders, "folder")]
    .filter(Boolean)
    .join(" and ");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNSEEN = /[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/** A name with its unseen signs told: some would turn the rest round, so that an `.exe` looks like a `.png`. */
export function visibleName(name: string): string {
  return name.replace(UNSEEN, (sign) => `[U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`);
}

/** The folders above a path, outermost first: "a/b/c" gives "a", "a/b". */
export function foldersAbove(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** How a file is shown, by its name; "unknown" has to be looked into. */
export function previewOf(path: string): Preview {
  return BY_EXTENSION.get(extensionOf(path)) ?? "unknown";
}

/** Python that fetches a file or folder: what "copy as code" gives. */
export function downloadCode(
  { kind, id }: { kind: "run" | "model"; id: string },
  path: string,
  origin: string,
): string {
  const place = kind === "run" ? `runs:/${id}` : `models:/${id}`;
  const target = path ? `${place}/${path}` : place;
  return [
    "import assay",
    "",
    `assay.set_tracking_uri(${JSON.stringify(origin)})`,
    `path = assay.artifacts.download_artifacts(${JSON.stringify(target)})`,
  ].join("\n");
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

/** Files of a run that hold what it printed, the newest part last. */
export function logFiles(names: readonly string[]): string[] {
  const part = (name: string) => Number(/\.(\d+)\.log$/.exec(name)?.[1] ?? 1);
  const logs = names.filter((name) => name.endsWith(".log"));
  const isConsole = (name: string) => /^console(\.\d+)?\.log$/.test(name);
  return [
    ...logs.filter((name) => !isConsole(name)),
    ...logs.filter(isConsole).sort((left, right) => part(left) - part(right)),
  ];
}
