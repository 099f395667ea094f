import { useState } from "react";
import { artifactUrl } from "../../api/artifacts";
import { Empty } from "../../components/states";
import { baseName } from "../../lib/files";
import { formatBytes } from "../../lib/format";

const MOST_BYTES = 30_000_000;
const SMALL = 160;

/** An image, fitted to the pane; small ones are enlarged with their pixels kept sharp. */
export function ImageView({ runId, path, size }: { runId: string; path: string; size: number | undefined }) {
  const [shape, setShape] = useState<{ width: number; height: number }>();
  const [broken, setBroken] = useState(false);
  const [wanted, setWanted] = useState(size === undefined || size <= MOST_BYTES);
  if (!wanted) {
    return (
      <Empty small title="A large image" icon="file">
        <p className="muted">It has {formatBytes(size ?? 0)}, which may take a while to load.</p>
        <button type="button" className="button" onClick={() => setWanted(true)}>
          Show it
        </button>
      </Empty>
    );
  }
  if (broken) {
    return (
      <Empty small title="This image cannot be shown" icon="warning">
        <p className="muted">The browser does not read it. Download it to open it elsewhere.</p>
      </Empty>
    );
  }
  const tiny = shape !== undefined && Math.max(shape.width, shape.height) < SMALL;
  return (
    <figure className="image-view">
      <img
        className={tiny ? "tiny" : ""}
        src={artifactUrl(runId, path)}
        alt={baseName(path)}
        onLoad={(event) =>
          setShape({ width: event.currentTarget.naturalWidth, height: event.currentTarget.naturalHeight })
        }
        onError={() => setBroken(true)}
      />
      <figcaption className="muted">{shape ? `${shape.width} × ${shape.height} pixels` : "Loading…"}</figcaption>
    </figure>
  );
}
