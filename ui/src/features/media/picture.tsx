import { useState } from "react";
import { artifactUrl } from "../../api/artifacts";
import { useImageHead } from "../../api/files";
import { useLastGood } from "../../components/last-good";
import { useNear } from "../../components/use-near";
import type { SeriesImage } from "../../lib/image-series";
import { tooManyPixels } from "../../lib/image-size";
import type { Zoom } from "./zoom";

const SHARP_FROM = 3;
/** Images of fewer pixels across are shown pixel by pixel. */
const TINY = 100;

interface Props {
  runId: string;
  image: SeriesImage | undefined;
  label: string;
  zoom: Zoom;
}

/** One image, loaded when it comes into view; its small version does until somebody looks closer. */
export function Picture({ runId, image, label, zoom }: Props) {
  const [box, near] = useNear();
  if (!image) return <div className="media-picture none muted">not yet</div>;
  const path = zoom.scale > 1 ? image.path : (image.small ?? image.path);
  return (
    <div ref={box} className="media-place">
      {near && <Guarded url={artifactUrl({ kind: "run", id: runId }, path)} label={label} zoom={zoom} />}
    </div>
  );
}

/** What claims more pixels than a browser may have the memory for is shown when it is asked for. */
function Guarded(props: { url: string; label: string; zoom: Zoom }) {
  const { data: head, error } = useImageHead(props.url);
  const [wanted, setWanted] = useState("");
  const claim = head && tooManyPixels(head);
  const fit = (head && !claim) || wanted === props.url ? props.url : undefined;
  const last = useLastGood(fit, "");
  if (error) return <div className="media-picture none muted">cannot be shown</div>;
  if (!claim || fit) return last === undefined ? <div className="media-picture" /> : <Shown {...props} url={last} />;
  return (
    <div className="media-picture none muted">
      <p>It unpacks to {claim}.</p>
      <button type="button" className="button" aria-label={`Show ${props.label}`} onClick={() => setWanted(props.url)}>
        Show it
      </button>
    </div>
  );
}

function Shown({ url, label, zoom }: { url: string; label: string; zoom: Zoom }) {
  const [broken, setBroken] = useState("");
  const [tiny, setTiny] = useState(false);
  if (broken === url) return <div className="media-picture none muted">cannot be shown</div>;
  const { onPointerDown, onPointerMove, onPointerUp, scale, x, y } = zoom;
  return (
    <div
      className={scale > 1 ? "media-picture movable" : "media-picture"}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
    >
      <img
        className={tiny || scale >= SHARP_FROM ? "sharp" : ""}
        style={{ transform: `translate(${x * 100}%, ${y * 100}%) scale(${scale})` }}
        src={url}
        alt={label}
        decoding="async"
        draggable={false}
        onLoad={({ currentTarget }) => setTiny(currentTarget.naturalWidth < TINY)}
        onError={() => setBroken(url)}
      />
    </div>
  );
}
