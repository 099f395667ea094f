import { formatCount } from "./format";

export interface ImageSize {
  width: number;
  height: number;
}

/** Each takes four bytes of memory; a small file may claim any number of them. */
const MOST_PIXELS = 100_000_000;
/** As many first bytes of a file as tell its size, whatever stands before it. */
export const IMAGE_HEAD = 65_536;

/** What an image claims of its size, in words, where that is more than a browser may have the memory for. */
export function tooManyPixels(head: Uint8Array): string | undefined {
  const { width, height } = imageSizeOf(head) ?? { width: 0, height: 0 };
  return width * height > MOST_PIXELS ? `${formatCount(width)} × ${formatCount(height)} pixels` : undefined;
}

/** What the first bytes of a PNG, GIF, BMP, WebP or JPEG file claim of its width and height. */
export function imageSizeOf(bytes: Uint8Array): ImageSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const says = (at: number, text: string) => [...text].every((sign, index) => bytes[at + index] === sign.charCodeAt(0));
  if (bytes.length < 30) return undefined;
  if (says(1, "PNG") && says(12, "IHDR")) return { width: view.getUint32(16), height: view.getUint32(20) };
  if (says(0, "GIF8")) return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  if (says(0, "BM")) return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
  if (says(0, "RIFF") && says(8, "WEBPVP8X")) return { width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) };
  return bytes[0] === 0xff && bytes[1] === 0xd8 ? sizeOfJpeg(view) : undefined;
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
}

/** A JPEG file is a row of segments; the frame's begins with C0 to CF, but for three of another use. */
function sizeOfJpeg(view: DataView): ImageSize | undefined {
  for (let at = 2; at + 9 < view.byteLength; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) return undefined;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
  }
  return undefined;
}
