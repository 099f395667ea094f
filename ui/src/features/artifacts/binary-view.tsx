import { CopyButton } from "../../components/copy";
import { Empty } from "../../components/states";
import { hexLines } from "../../lib/files";
import { formatBytes } from "../../lib/format";
import { type OpenFile, Range } from "./file";

const SHOWN = 512;

/** What is told of a file that no other view understands: size, digest, and its first bytes. */
export default function BinaryView({ file }: { file: OpenFile }) {
  const { size, sha256 } = file.facts;
  return (
    <div className="preview-scroll">
      <Empty small title="A binary file" icon="file">
        <p className="muted">There is no preview for what it holds ({formatBytes(size)}). Download it to open it.</p>
        {sha256 && (
          <p className="file-digest">
            <span className="muted">SHA-256</span> <code>{sha256}</code>
            <CopyButton text={sha256} label="Copy the digest" />
          </p>
        )}
        <HexHead file={file} />
      </Empty>
    </div>
  );
}

function HexHead({ file }: { file: OpenFile }) {
  return (
    <Range file={file} end={SHOWN}>
      {(bytes) => (
        <>
          <p className="muted">First {formatBytes(bytes.length)}:</p>
          <pre className="hex" tabIndex={0} role="region" aria-label="First bytes">
            {hexLines(bytes, SHOWN).join("\n")}
          </pre>
        </>
      )}
    </Range>
  );
}
