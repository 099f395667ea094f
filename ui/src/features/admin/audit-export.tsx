import { useEffect, useRef, useState } from "react";
import { readAudit } from "../../api/admin";
import { csvFile, download } from "../../components/download";
import { Icon } from "../../components/icons";
import { Popover } from "../../components/popover";
import { attempt, tell } from "../../components/toast";
import { type AuditFilter, auditCsv, auditLines } from "../../lib/audit";
import { formatCount } from "../../lib/format";

/** As many as a page gathers before it hands them over as a file. */
const MOST = 100_000;

/** Downloads all entries that are found, also those that are not shown yet. */
export function AuditExport({ filter, disabled }: { filter: AuditFilter; disabled: boolean }) {
  const [read, setRead] = useState<number>();
  const reading = useRef<AbortController>(undefined);
  useEffect(() => () => reading.current?.abort(), []);
  const save = async (kind: "csv" | "jsonl") => {
    const controller = new AbortController();
    reading.current = controller;
    setRead(0);
    await attempt("The entries could not be downloaded", async () => {
      try {
        const entries = await readAudit(filter, { most: MOST, onRead: setRead, signal: controller.signal });
        const file = kind === "csv" ? csvFile(auditCsv(entries)) : new Blob([auditLines(entries)]);
        download(file, `audit.${kind}`);
        if (entries.length === MOST) tell(`The file holds the latest ${formatCount(MOST)} entries. Narrow the time.`);
      } catch (error) {
        if (!controller.signal.aborted) throw error;
      }
    });
    setRead(undefined);
  };
  if (read !== undefined) {
    return (
      <button type="button" className="button" onClick={() => reading.current?.abort()}>
        <Icon name="close" />
        Stop at {formatCount(read)}
      </button>
    );
  }
  if (disabled) {
    return (
      <button type="button" className="button" disabled>
        <Icon name="download" />
        Download
      </button>
    );
  }
  return (
    <Popover
      button={
        <>
          <Icon name="download" />
          Download
        </>
      }
    >
      {(close) => (
        <>
          {(["csv", "jsonl"] as const).map((kind) => (
            <button
              key={kind}
              type="button"
              className="menu-item"
              onClick={() => {
                close();
                void save(kind);
              }}
            >
              {kind === "csv" ? "Comma-separated values" : "JSON lines"}
            </button>
          ))}
        </>
      )}
    </Popover>
  );
}
