import { Swatch } from "../../components/swatch";
import { formatCount } from "../../lib/format";
import { imageAt } from "../../lib/image-series";
import type { RunSeries } from "./board";
import { Picture } from "./picture";
import type { Zoom } from "./zoom";

interface Props {
  name: string;
  all: RunSeries[];
  steps: number[];
  place: number;
  zoom: Zoom;
}

/** The images of one key at a step, runs side by side; a run that has none of that step shows its last one before. */
export function OneStep({ name, all, steps, place, zoom }: Props) {
  const step = steps[place] ?? 0;
  return (
    <div className="media-row">
      {all.map(({ run, series }) => {
        const own = series.get(name);
        const image = own && imageAt(own, step);
        const at = image && image.step !== step ? `from step ${formatCount(image.step)}` : "";
        return (
          <figure key={run.id}>
            <Picture
              runId={run.id}
              image={image}
              label={`${name} of ${run.name}, step ${image?.step ?? step}`}
              zoom={zoom}
            />
            <figcaption className="truncate" title={run.name}>
              <Swatch hue={run.hue} />
              {run.name}
              <span className="muted">{own ? at : "logged none"}</span>
            </figcaption>
          </figure>
        );
      })}
    </div>
  );
}
