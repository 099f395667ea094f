import { Link } from "wouter";
import type { LoggedModelInfo } from "../../api/generated";
import { modelPath } from "../../lib/models";

const TAG = "mlflow.modelVersions";

interface Registration {
  name: string;
  version: string;
}

/** The versions that were made from a logged model. */
export function registrationsOf({ registrations, tags }: LoggedModelInfo): Registration[] {
  if (registrations && registrations.length > 0) return registrations;
  return readTag(tags?.find((tag) => tag.key === TAG)?.value ?? "[]");
}

function readTag(text: string): Registration[] {
  try {
    const value: unknown = JSON.parse(text);
    const list = Array.isArray(value) ? (value as Array<Partial<Record<"name" | "version", unknown>>>) : [];
    return list.map(({ name, version }) => ({ name: String(name), version: String(version) }));
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** Links to the versions that were made from a logged model. */
export function Registrations({ info }: { info: LoggedModelInfo }) {
  return (
    <span className="pills">
      {registrationsOf(info).map(({ name, version }) => (
        <Link key={`${name} ${version}`} className="pill" href={modelPath(name, "versions", version)}>
          <bdi>{name}</bdi>
          <span className="pill-version">{version}</span>
        </Link>
      ))}
    </span>
  );
}

const STATES: Record<string, string> = {
  LOGGED_MODEL_PENDING: "Pending",
  LOGGED_MODEL_UPLOAD_FAILED: "Upload failed",
};

/** What is not as it should be with a logged model. */
export function LoggedState({ info }: { info: LoggedModelInfo }) {
  const word = STATES[info.status];
  if (!word) return null;
  return (
    <span className="chip warn" title={info.status_message ?? ""}>
      {word}
    </span>
  );
}
