/** One image of a series: what it is of, when, and its files. */
export interface SeriesImage {
  step: number;
  timestamp: number;
  path: string;
  /** A smaller version of the same picture, where there is one. */
  small: string | undefined;
}

/** The images that a run logged under one key, by step. */
export interface Series {
  key: string;
  images: SeriesImage[];
}

export const IMAGE_FOLDER = "images";
const NAME = /^(.+)([+%])step\2(-?\d+)\2timestamp\2(\d+)\2([\w-]+?)(\2compressed)?\.(?:png|webp|jpe?g|gif)$/;

/** The series among the files of the folder `images`, by key; files with other names are none. */
export function seriesOf(names: readonly string[]): Series[] {
  const found = new Map<string, Map<string, SeriesImage>>();
  for (const name of names) {
    const [, key, , step, timestamp, id, compressed] = NAME.exec(name) ?? [];
    if (key === undefined) continue;
    const images = found.get(key) ?? new Map<string, SeriesImage>();
    found.set(key, images);
    const path = `${IMAGE_FOLDER}/${name}`;
    const one = images.get(`${step} ${id}`) ?? {
      step: Number(step),
      timestamp: Number(timestamp),
      path,
      small: undefined,
    };
    images.set(`${step} ${id}`, compressed ? { ...one, small: path } : { ...one, path });
  }
  return [...found]
    .map(([key, images]) => ({
      key: key.replaceAll("~", "/").replaceAll("#", "/"),
      images: latestOfSteps([...images.values()]),
    }))
    .sort((left, right) => (left.key < right.key ? -1 : 1));
}

/** One image a step, the one logged last. */
function latestOfSteps(images: SeriesImage[]): SeriesImage[] {
  const steps = new Map<number, SeriesImage>();
  for (const image of images.sort((left, right) => left.timestamp - right.timestamp)) steps.set(image.step, image);
  return [...steps.values()].sort((left, right) => left.step - right.step);
}

/** All steps at which any of the series has an image. */
export function stepsOf(all: readonly Series[]): number[] {
  const steps = new Set(all.flatMap(({ images }) => images.map(({ step }) => step)));
  return [...steps].sort((left, right) => left - right);
}

/** The image that stood at a step: the last one until then; undefined before the first. */
export function imageAt({ images }: Series, step: number): SeriesImage | undefined {
  return images.findLast((image) => image.step <= step);
}
