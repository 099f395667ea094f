/** What is known of a run that could be run again. */
export interface Origin {
  server: string;
  repository: string;
  commit: string;
  /** The run that keeps the patch, where one was kept. */
  patchOf: string | undefined;
  /** Where the command was given, below the root of the repository. */
  directory: string;
  command: string[];
}

/** Commands for a shell that bring the code back as it was and start it again; empty where too little is known. */
export function reproduceCommands(origin: Origin): string {
  const { repository, commit, patchOf, server, directory, command } = origin;
  const steps: string[] = [];
  if (commit) {
    const folder = folderOf(repository);
    if (repository) steps.push(`git clone ${quoted(repository)} ${quoted(folder)} && cd ${quoted(folder)}`);
    steps.push(`git checkout ${quoted(commit)}`);
  }
  if (patchOf) {
    const address = `${server}/get-artifact?${new URLSearchParams({ run_id: patchOf, path: "assay/uncommitted.patch" })}`;
    steps.push(`curl -fsS ${quoted(address)} | git apply`);
  }
  if (commit && directory) steps.push(`cd ${quoted(directory)}`);
  if (command.length > 0) steps.push(`ASSAY_TRACKING_URI=${quoted(server)} ${commandText(command)}`);
  return steps.join("\n");
}

/** A command as it is typed; the interpreter by its name. */
export function commandText(command: readonly string[]): string {
  const [program = "", ...rest] = command;
  return [program.split(/[\\/]/).at(-1) ?? program, ...rest].map(quoted).join(" ");
}

/** Packages as a requirements file pins them; one that came from an address names it. */
export function requirementsText(packages: ReadonlyArray<readonly [string, string]>): string {
  return packages
    .map(([name, version]) => {
      const address = / @ (.*)$/.exec(version)?.[1];
      return address ? `${name} @ ${address}` : `${name}==${version}`;
    })
    .join("\n");
}

function folderOf(repository: string): string {
  return (repository.split(/[/:]/).at(-1) ?? "").replace(/\.git$/, "") || "code";
}

/** A word as a POSIX shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}

/** Python that reads the run: its values, and one metric's history as a pandas frame. */
export function readingCode(server: string, runId: string, metric: string | undefined): string {
  const lines = [
    "import assay",
    "",
    `assay.set_tracking_uri(${python(server)})`,
    `run = assay.get_run(${python(runId)})`,
    "print(run.data.params, run.data.metrics)",
  ];
  if (metric === undefined) return lines.join("\n");
  return [
    ...lines,
    "",
    "import pandas",
    "",
    `history = assay.Client().get_metric_history(${python(runId)}, ${python(metric)})`,
    "frame = pandas.DataFrame([(one.step, one.timestamp, one.value) for one in history],",
    '                         columns=["step", "timestamp", "value"])',
  ].join("\n");
}

/** Python that loads a model by its address. */
export function loadingCode(server: string, address: string): string {
  return [
    "import assay",
    "",
    `assay.set_tracking_uri(${python(server)})`,
    `model = assay.pyfunc.load_model(${python(address)})`,
    "model.predict(data)",
  ].join("\n");
}

/** A text as Python writes it: JSON's way is also Python's. Signs that turn the direction of text are spelt out. */
function python(text: string): string {
  const spelt = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text).replace(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, spelt);
}
