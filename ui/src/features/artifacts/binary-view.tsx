import { Empty } from "../../components/states";
import { hexLines } from "../../lib/files";
import { formatBytes } from "../../lib/format";

const SHOWN = 256;

/** What is told of a file that is no text: its size and its first bytes. */
export function BinaryView({ bytes, size }: { bytes: Uint8Array; size: number | undefined }) {
  return (
    <Empty small title="A binary file" icon="file">
      <p className="muted">
        There is no preview for this kind of file{size === undefined ? "" : ` (${formatBytes(size)})`}. Download it to
        open it. It begins with:
      </p>
      <pre className="hex" tabIndex={0} role="region" aria-label="First bytes">
        {hexLines(bytes, SHOWN).join("\n")}
      </pre>
    </Empty>
  );
}
