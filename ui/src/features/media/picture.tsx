import { useState } from "react";
import { artifactUrl } from "../../api/artifacts";
import type { SeriesImage } from "../../lib/image-series";
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
  const [broken, setBroken] = useState("");
  const [tiny, setTiny] = useState(false);
  if (!image) return <div className="media-picture none muted">not yet</div>;
  const path = zoom.scale > 1 ? image.path : (image.small ?? image.path);
  if (broken === path) return <div className="media-picture none muted">cannot be shown</div>;
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
        src={artifactUrl({ kind: "run", id: runId }, path)}
        alt={label}
        loading="lazy"
        decoding="async"
        draggable={false}
        onLoad={({ currentTarget }) => setTiny(currentTarget.naturalWidth < TINY)}
        onError={() => setBroken(path)}
      />
    </div>
  );
}
