import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type RefObject,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { Empty } from "../../components/states";
import { baseName, extensionOf } from "../../lib/files";
import { formatBytes } from "../../lib/format";
import { IMAGE_HEAD, tooManyPixels } from "../../lib/image-size";
import { type OpenFile, Range } from "./file";

const MOST_BYTES = 30_000_000;
const LARGEST_SCALE = 64;
const STEP = 1.5;
const SHARP_FROM = 3;

/** An image: fitted or at any scale, with the colour of the pixel pointed at. SVG stays an image and runs nothing. */
export default function ImageView({ file }: { file: OpenFile }) {
  const { size } = file.facts;
  if (size > MOST_BYTES) {
    return (
      <Asked why={`It has ${formatBytes(size)}, which may take a while to load.`}>
        <Picture file={file} />
      </Asked>
    );
  }
  return (
    <Range file={file} end={IMAGE_HEAD}>
      {(head) => {
        const claim = tooManyPixels(head);
        if (!claim) return <Picture file={file} />;
        return (
          <Asked why={`It unpacks to ${claim}, for which the browser may not have the memory.`}>
            <Picture file={file} />
          </Asked>
        );
      }}
    </Range>
  );
}

/** What may be too much for the browser is shown when it is asked for. */
function Asked({ why, children }: { why: string; children: ReactNode }) {
  const [wanted, setWanted] = useState(false);
  if (wanted) return children;
  return (
    <Empty small title="A large image" icon="file">
      <p className="muted">{why}</p>
      <button type="button" className="button" onClick={() => setWanted(true)}>
        Show it
      </button>
    </Empty>
  );
}

function Unreadable() {
  return (
    <Empty small title="This image cannot be shown" icon="warning">
      <p className="muted">The browser does not read it. Download it to open it elsewhere.</p>
    </Empty>
  );
}

interface Shape {
  width: number;
  height: number;
}

function Picture({ file }: { file: OpenFile }) {
  const [broken, setBroken] = useState(false);
  const image = useRef<HTMLImageElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [shape, setShape] = useState<Shape>();
  const [scale, setScale] = useState<number>();
  const [pixel, setPixel] = useState("");
  const fitting = useFit(box, shape);
  const shown = scale ?? fitting;
  const zoom = (factor: number) => setScale(Math.min(LARGEST_SCALE, Math.max(fitting / 4, shown * factor)));
  const keys: Record<string, () => void> = {
    "+": () => zoom(STEP),
    "=": () => zoom(STEP),
    "-": () => zoom(1 / STEP),
    "0": () => setScale(undefined),
    "1": () => setScale(1),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || !keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]!();
  };
  const look = (event: PointerEvent) => {
    if (image.current && shape) setPixel(pixelAt(image.current, shape, event));
  };
  if (broken) return <Unreadable />;
  return (
    <>
      <div className="image-tools">
        <fieldset className="segments" aria-label="Scale">
          <button type="button" aria-pressed={scale === undefined} onClick={() => setScale(undefined)}>
            Fit
          </button>
          <button type="button" aria-pressed={scale === 1} onClick={() => setScale(1)}>
            1:1
          </button>
          <button type="button" aria-label="Smaller" onClick={() => zoom(1 / STEP)}>
            −
          </button>
          <button type="button" aria-label="Larger" onClick={() => zoom(STEP)}>
            +
          </button>
        </fieldset>
        <span className="muted number" role="status">
          {shape ? `${shape.width} × ${shape.height}, ${Math.round(shown * 100)}%` : "Loading"}
        </span>
        <span className="mono image-pixel">{pixel}</span>
      </div>
      <div
        ref={box}
        className="image-box"
        role="region"
        aria-label="Image: plus and minus zoom, 0 fits, 1 is real size"
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <img
          ref={image}
          className={shown >= SHARP_FROM ? "sharp" : ""}
          style={shape ? { width: shape.width * shown, height: shape.height * shown } : { visibility: "hidden" }}
          src={file.url}
          alt={baseName(file.path)}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
            setShape({ width: naturalWidth || 300, height: naturalHeight || 150 })
          }
          onError={() => setBroken(true)}
          onPointerMove={extensionOf(file.path) === "svg" ? undefined : look}
          onPointerLeave={() => setPixel("")}
        />
      </div>
    </>
  );
}

const MARGIN = 24;
const LARGEST_FIT = 16;

/** The scale at which an image fills its box; small ones grow by whole steps. */
function useFit(box: RefObject<HTMLDivElement | null>, shape: Shape | undefined): number {
  const [scale, setScale] = useState(1);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || !shape) return undefined;
    const fit = () => {
      const room = Math.min(
        (element.clientWidth - MARGIN) / shape.width,
        (element.clientHeight - MARGIN) / shape.height,
      );
      setScale(room >= 1 ? Math.min(LARGEST_FIT, Math.max(1, Math.floor(room / 2))) : Math.max(0.01, room));
    };
    const watcher = new ResizeObserver(fit);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [box, shape]);
  return scale;
}

const probe = document.createElement("canvas");
probe.width = 1;
probe.height = 1;

/** The pixel under the pointer: place and colour. One pixel is drawn, however large the image. */
function pixelAt(image: HTMLImageElement, { width, height }: Shape, { clientX, clientY }: PointerEvent): string {
  const edge = image.getBoundingClientRect();
  const x = Math.min(width - 1, Math.max(0, Math.floor(((clientX - edge.left) / edge.width) * width)));
  const y = Math.min(height - 1, Math.max(0, Math.floor(((clientY - edge.top) / edge.height) * height)));
  const context = probe.getContext("2d", { willReadFrequently: true });
  if (!context) return "";
  context.clearRect(0, 0, 1, 1);
  context.drawImage(image, x, y, 1, 1, 0, 0, 1, 1);
  const [red, green, blue, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
  const opacity = alpha < 255 ? ` at ${Math.round((alpha / 255) * 100)}%` : "";
  return `x ${x}, y ${y}: ${red} ${green} ${blue}${opacity}`;
}
