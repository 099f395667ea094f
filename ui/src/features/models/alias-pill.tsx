import { Link } from "wouter";
import { modelPath } from "../../lib/models";

/** An alias; with a version it leads there. */
export function AliasPill({ alias, model, version }: { alias: string; model?: string; version?: string }) {
  const name = <bdi>@{alias}</bdi>;
  if (!model || !version) return <span className="pill">{name}</span>;
  return (
    <Link
      className="pill"
      href={modelPath(model, "versions", version)}
      title={`@${alias} stands for version ${version}`}
    >
      {name}
      <span className="pill-version">{version}</span>
    </Link>
  );
}

const STAGE_TONES: Record<string, string> = { Production: "ok", Staging: "warn" };

/** The stage of a version, if it is in one. */
export function StageChip({ stage }: { stage: string | undefined }) {
  if (!stage || stage === "None") return null;
  return <span className={`chip stage-${STAGE_TONES[stage] ?? "old"}`}>{stage}</span>;
}
