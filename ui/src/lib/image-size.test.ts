import { expect, test } from "vitest";
import { imageSizeOf } from "./image-size";

const bytes = (...parts: Array<string | number[]>) => {
  const all = parts.flatMap((part) => (typeof part === "string" ? [...part].map((sign) => sign.charCodeAt(0)) : part));
  return Uint8Array.from([...all, ...new Array<number>(40).fill(0)]);
};

test("each kind of image claims its size in its own place", () => {
  const png = bytes([0x89], "PNG\r\n\x1a\n", [0, 0, 0, 13], "IHDR", [0, 0, 0xea, 0x60, 0, 0, 0, 2]);
  expect(imageSizeOf(png)).toEqual({ width: 60_000, height: 2 });
  expect(imageSizeOf(bytes("GIF89a", [1, 1, 2, 0]))).toEqual({ width: 257, height: 2 });
  const webp = bytes("RIFF", [0, 0, 0, 0], "WEBPVP8X", [10, 0, 0, 0, 0, 0, 0, 0], [0xff, 0x3f, 0, 1, 0, 0]);
  expect(imageSizeOf(webp)).toEqual({ width: 16_384, height: 2 });
  const jpeg = bytes([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xc2, 0, 17, 8, 0x10, 0, 0x20, 0]);
  expect(imageSizeOf(jpeg)).toEqual({ width: 8192, height: 4096 });
});

test("what is no image claims nothing, and a broken one ends", () => {
  expect(imageSizeOf(new Uint8Array())).toBeUndefined();
  expect(imageSizeOf(bytes("<script>"))).toBeUndefined();
  expect(imageSizeOf(bytes([0xff, 0xd8, 0xff, 0xe0, 0, 0]))).toBeUndefined();
});
