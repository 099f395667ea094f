import "../../styles/compare-table.css";
import "../../styles/compare.css";
import "../../styles/models.css";
import "../../styles/model-page.css";
import { useMemo } from "react";
import { Link } from "wouter";
import type { ModelVersion, VersionColumns } from "../../api/generated";
import { useVersionFiles, useVersions } from "../../api/registry";
import { useCrumbs } from "../../components/crumbs";
import { Icon } from "../../components/icons";
import { setParameters, usePathPart, useQueryText } from "../../components/parameters";
import { Empty, Failure, SkeletonRows } from "../../components/states";
import { Value } from "../../components/value";
import { type Cell, toFinite } from "../../lib/cells";
import { type DiffRow, diffRows } from "../../lib/diff";
import { formatNumber, plural } from "../../lib/format";
import { bestRows, knownDirection, rankMetrics } from "../../lib/metrics";
import { isBetter, modelPath, parseVersions, versionFrame } from "../../lib/models";
import { joinList } from "../../lib/url-state";
import { type DiffSection, fileSections, tagSection } from "../../lib/version-diff";
import { AliasPill, StageChip } from "./alias-pill";

const MOST = 50;

/** Versions of a model side by side: how good they are, what they take, what they need. */
export default function CompareVersionsPage() {
  const name = usePathPart(1);
  const text = new URLSearchParams(useQueryText()).get("versions") ?? "";
  const versions = useMemo(() => parseVersions(text).slice(0, MOST), [text]);
  const { data, error, refetch, isPlaceholderData } = useVersions(name, versions);
  useCrumbs([
    { label: "Models", href: "/models" },
    { label: name, href: modelPath(name) },
    { label: `Compare ${plural(versions.length, "version")}` },
  ]);
  if (versions.length === 0) {
    return (
      <Empty page title="Choose versions to compare" icon="columns">
        <p className="muted">Tick two or more versions in the table of a model, then press c.</p>
        <Link className="button" href={modelPath(name)}>
          Versions of {name}
        </Link>
      </Empty>
    );
  }
  if (error && (!data || isPlaceholderData))
    return <Failure page title="The versions could not be read" error={error} retry={() => void refetch()} />;
  if (!data) {
    return (
      <div className="page-inner">
        <SkeletonRows rows={14} />
      </div>
    );
  }
  return <Compared name={name} shown={data} />;
}

function Compared({ name, shown }: { name: string; shown: VersionColumns }) {
  const values = new URLSearchParams(useQueryText());
  const everything = values.get("rows") === "all";
  const versions = useMemo(() => shown.versions.map((one) => one.version), [shown]);
  const base = Math.max(0, versions.indexOf(values.get("base") ?? ""));
  const files = useVersionFiles(name, versions);
  const sections = useMemo(() => [...recorded(shown), tagSection(shown.versions)], [shown]);
  const saved = useMemo(() => (files.data ? fileSections(files.data) : []), [files.data]);
  const all = [...sections, ...saved];
  const equal = all.reduce((sum, section) => sum + section.rows.filter((row) => !row.differs).length, 0);
  const remove = (version: string) => setParameters({ versions: joinList(versions.filter((one) => one !== version)) });
  return (
    <div className="page scrolls">
      <div className="page-inner compare">
        <h1>
          Compare {plural(versions.length, "version")} of <bdi>{name}</bdi>
        </h1>
        <div className="compare-controls">
          <label className="check">
            <input
              type="checkbox"
              checked={!everything}
              onChange={(event) => setParameters({ rows: event.target.checked ? "" : "all" })}
            />
            Differences only
          </label>
          <span className="muted" role="status">
            {everything ? `${plural(equal, "row")} equal in all` : `${plural(equal, "equal row")} left out`}
          </span>
        </div>
        <div className="compare-box card" tabIndex={0} role="region" aria-label="Comparison">
          <table className="compare-table">
            <thead>
              <tr>
                <th scope="col">
                  <span className="visually-hidden">Name</span>
                </th>
                {shown.versions.map((version, place) => (
                  <VersionHead key={version.version} version={version} isBase={place === base} onRemove={remove} />
                ))}
              </tr>
            </thead>
            <tbody>
              {all.map((section) => (
                <Section
                  key={section.title}
                  section={section}
                  everything={everything}
                  base={base}
                  versions={versions}
                />
              ))}
            </tbody>
          </table>
        </div>
        <FileState files={files} />
      </div>
    </div>
  );
}

function recorded(shown: VersionColumns): DiffSection[] {
  const frame = versionFrame(shown);
  const metrics = diffRows(frame, "metrics");
  const ranked = new Map(rankMetrics(metrics.map((row) => row.key)).map((key, place) => [key, place]));
  metrics.sort((left, right) => ranked.get(left.key)! - ranked.get(right.key)!);
  return [
    { title: "Metrics", noun: "metric", rows: metrics },
    { title: "Params", noun: "param", rows: diffRows(frame, "params") },
  ];
}

function FileState({ files: { data, error, isPending, refetch } }: { files: ReturnType<typeof useVersionFiles> }) {
  if (error)
    return (
      <Failure small title="Signatures and requirements could not be read" error={error} retry={() => void refetch()} />
    );
  if (isPending) return <SkeletonRows rows={4} />;
  const problems = data?.filter((one) => one.problem !== "") ?? [];
  return (
    <>
      {problems.map(({ version, problem }) => (
        <p key={version} className="notice-text">
          The files of version {version} cannot be read here: {problem}
        </p>
      ))}
    </>
  );
}

interface HeadProps {
  version: ModelVersion;
  isBase: boolean;
  onRemove: (version: string) => void;
}

function VersionHead({ version, isBase, onRemove }: HeadProps) {
  return (
    <th scope="col">
      <div className="compare-run">
        <Link href={modelPath(version.name, "versions", version.version)}>Version {version.version}</Link>
        <button
          type="button"
          className="button quiet icon-only"
          aria-label={`Leave version ${version.version} out`}
          title="Leave out"
          onClick={() => onRemove(version.version)}
        >
          <Icon name="close" />
        </button>
      </div>
      <div className="pills compare-pills">
        {(version.aliases ?? []).map((alias) => (
          <AliasPill key={alias} alias={alias} />
        ))}
        <StageChip stage={version.current_stage} />
      </div>
      <button
        type="button"
        className={isBase ? "chip baseline" : "link-button"}
        aria-pressed={isBase}
        onClick={() => setParameters({ base: version.version })}
      >
        {isBase ? "Baseline" : "Use as baseline"}
      </button>
    </th>
  );
}

interface SectionProps {
  section: DiffSection;
  everything: boolean;
  base: number;
  versions: string[];
}

function Section({ section: { title, noun, rows }, everything, base, versions }: SectionProps) {
  const shown = everything ? rows : rows.filter((row) => row.differs);
  if (rows.length === 0) return null;
  const frame = { runIds: versions, columns: new Map(rows.map((row) => [row.column, row.cells])) };
  return (
    <>
      <tr className="compare-section">
        <th scope="colgroup" colSpan={versions.length + 1}>
          {title}
          {shown.length === 0 && <span className="muted"> equal in all, {plural(rows.length, noun)}</span>}
        </th>
      </tr>
      {shown.map((row) => {
        const direction = row.column.startsWith("metrics.") ? knownDirection(row.key) : undefined;
        const best = direction ? bestRows(frame, row.column, direction) : new Set<number>();
        return <Line key={row.column} row={row} best={best} base={base} versions={versions} />;
      })}
    </>
  );
}

interface LineProps {
  row: DiffRow;
  best: Set<number>;
  base: number;
  versions: string[];
}

function Line({ row, best, base, versions }: LineProps) {
  const isMetric = row.column.startsWith("metrics.");
  const reference = row.cells[base];
  return (
    <tr>
      <th scope="row" title={row.key}>
        <span className="truncate">{row.key}</span>
      </th>
      {versions.map((version, place) => {
        const cell = row.cells[place] ?? null;
        const changed = place !== base && cell !== reference;
        return (
          <td key={version} className={`${isMetric ? "tabular " : ""}${best.has(place) ? "best" : ""}`}>
            {best.has(place) && (
              <>
                <Icon name="star" className="best-mark" />
                <span className="visually-hidden">best: </span>
              </>
            )}
            {isMetric ? <Value cell={cell} /> : <Text cell={cell} changed={changed} />}
            {isMetric && changed && <Delta metric={row.key} cell={cell} reference={reference} />}
          </td>
        );
      })}
    </tr>
  );
}

/** A text of a comparison; what differs from the baseline is marked, also for those who do not see the mark. */
function Text({ cell, changed }: { cell: Cell; changed: boolean }) {
  const text =
    cell === null ? <span className="value-missing">not there</span> : <span title={String(cell)}>{cell}</span>;
  if (!changed) return text;
  return (
    <mark className="changed">
      {text}
      <span className="visually-hidden"> (differs)</span>
    </mark>
  );
}

function Delta({ metric, cell, reference }: { metric: string; cell: Cell; reference: Cell | undefined }) {
  const [value, from] = [toFinite(cell), toFinite(reference)];
  if (value === undefined || from === undefined || value === from) return null;
  const better = isBetter(metric, from, value);
  const difference = value - from;
  return (
    <span className={better === undefined ? "delta" : better ? "delta better" : "delta worse"}>
      {difference > 0 ? " +" : " "}
      {formatNumber(difference)}
      {better !== undefined && <span className="visually-hidden">{better ? ", better" : ", worse"}</span>}
    </span>
  );
}
