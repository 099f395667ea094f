/** What a run was started from, as `assay/environment.json` tells it. Every part may be missing. */
export interface Surroundings {
  facts: Array<[string, string]>;
  command: string[];
  packages: Array<[string, string]>;
  repository: Repository;
}

export interface Repository {
  /** The script, below the root of the repository. */
  entryPoint: string;
  /** Where it was started, below the root; empty for the root itself. */
  directory: string;
  /** Files that the patch leaves out: binary or too long. */
  leftOut: string[];
  /** Files that Git neither tracks nor ignores. */
  untracked: string[];
}

const GIGABYTE = 2 ** 30;

/** Read the file; a broken one tells nothing. */
export function parseSurroundings(text: string): Surroundings {
  const told = mapping(parsed(text));
  const memory = Number(told.memory_bytes ?? 0);
  const shown: Array<[string, string]> = [
    ["Python", [word(told.implementation), word(told.python)].filter(Boolean).join(" ")],
    ["Platform", word(told.platform)],
    ["Processors", [word(told.processors), word(told.machine)].filter(Boolean).join(" × ")],
    ["Memory", memory > 0 ? `${(memory / GIGABYTE).toFixed(1)} GiB` : ""],
    ["GPUs", word(told.gpus)],
    ["Interpreter", word(told.executable)],
    ["Directory", word(told.directory)],
  ];
  const repository = mapping(told.repository);
  return {
    facts: shown.filter(([, value]) => value !== ""),
    command: words(told.command),
    packages: Object.entries(mapping(told.packages)).map(([name, version]) => [name, word(version)]),
    repository: {
      entryPoint: word(repository.entry_point),
      directory: word(repository.directory),
      leftOut: words(repository.left_out),
      untracked: words(repository.untracked),
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function mapping(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function word(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function words(value: unknown): string[] {
  return Array.isArray(value) ? value.map(word) : [];
}

/** Where a commit can be read in a browser; undefined for addresses of no host that is known to show commits. */
export function commitPage(repository: string, commit: string): string | undefined {
  const ssh = /^(?:ssh:\/\/)?git@([\w.-]+)[:/](.+)$/.exec(repository);
  const http = /^https?:\/\/([\w.-]+)\/(.+)$/.exec(repository);
  const [, host, path] = ssh ?? http ?? [];
  if (!host || !path || !/^[0-9a-f]{7,64}$/.test(commit) || !/^[\w./~-]+$/.test(path)) return undefined;
  const base = `https://${host}/${path.replace(/\.git$/, "").replace(/\/$/, "")}`;
  if (/(^|\.)gitlab\./.test(host)) return `${base}/-/commit/${commit}`;
  if (/(^|\.)bitbucket\.org$/.test(host)) return `${base}/commits/${commit}`;
  return /(^|\.)(github|gitea|codeberg)\./.test(host) ? `${base}/commit/${commit}` : undefined;
}
