/** Heads of binary files: NumPy arrays, safetensors, ZIP archives. */

/** A file that is not what its name says, or is damaged. */
export class Damaged extends Error {}

export interface NpyHead {
  type: string;
  shape: number[];
  fortran: boolean;
  /** Where the values begin. */
  offset: number;
  /** The first values; undefined for types whose values are no plain numbers. */
  values: Array<number | bigint | boolean> | undefined;
}

const NPY = /'descr':\s*('[^']*'|\[.*\]),\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([^)]*)\)/s;

/** The head of a .npy file and its first values (NumPy format, versions 1 to 3). */
export function readNpy(bytes: Uint8Array, most: number): NpyHead {
  const view = viewOf(bytes);
  if (bytes.length < 12 || bytes[0] !== 0x93 || text(bytes, 1, 6) !== "NUMPY")
    throw new Damaged("It does not begin as a NumPy array does.");
  const long = bytes[6]! >= 2;
  const start = long ? 12 : 10;
  const length = long ? view.getUint32(8, true) : view.getUint16(8, true);
  const found = NPY.exec(text(bytes, start, start + length));
  if (!found) throw new Damaged("Its header is not understood.");
  const type = found[1]!.replace(/^'|'$/g, "");
  const shape = found[3]!
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  const total = shape.reduce((product, side) => product * side, 1);
  const offset = start + length;
  return {
    type,
    shape,
    fortran: found[2] === "True",
    offset,
    values: npyValues(view, offset, type, Math.min(total, most)),
  };
}

type Read = (view: DataView, at: number, little: boolean) => number | bigint | boolean;

const READERS: Record<string, Read> = {
  b1: (view, at) => view.getUint8(at) !== 0,
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  u2: (view, at, little) => view.getUint16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i8: (view, at, little) => view.getBigInt64(at, little),
  u8: (view, at, little) => view.getBigUint64(at, little),
  f2: (view, at, little) => half(view.getUint16(at, little)),
  f4: (view, at, little) => Number(view.getFloat32(at, little).toPrecision(8)),
  f8: (view, at, little) => view.getFloat64(at, little),
};

function npyValues(view: DataView, offset: number, type: string, count: number): NpyHead["values"] {
  const read = READERS[type.slice(1)];
  const size = Number(type.slice(2));
  if (!read) return undefined;
  const there = Math.max(0, Math.min(count, Math.floor((view.byteLength - offset) / size)));
  return Array.from({ length: there }, (_, index) => read(view, offset + index * size, type[0] !== ">"));
}

/** IEEE 754 half precision. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

export interface Tensor {
  name: string;
  type: string;
  shape: number[];
  bytes: number;
}

export interface SafetensorsHead {
  tensors: Tensor[];
  metadata: Record<string, string>;
}

/** How many bytes the head of a safetensors file has, from its first eight. */
export function safetensorsHeadSize(bytes: Uint8Array): number {
  if (bytes.length < 8) throw new Damaged("It is shorter than a safetensors file can be.");
  return 8 + Number(viewOf(bytes).getBigUint64(0, true));
}

/** The tensors that a safetensors file says it holds. */
export function readSafetensors(head: Uint8Array): SafetensorsHead {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(head.subarray(8)));
  } catch {
    throw new Damaged("Its header is not understood.");
  }
  if (typeof value !== "object" || value === null) throw new Damaged("Its header is not understood.");
  const { __metadata__: metadata, ...tensors } = value as Record<string, Record<string, unknown>>;
  return {
    metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([key, one]) => [key, String(one)])),
    tensors: Object.entries(tensors).map(([name, tensor]) => tensorOf(name, tensor ?? {})),
  };
}

function tensorOf(name: string, { dtype, shape, data_offsets: offsets }: Record<string, unknown>): Tensor {
  const [from, to] = Array.isArray(offsets) ? offsets.map(Number) : [0, 0];
  return {
    name,
    type: String(dtype),
    shape: Array.isArray(shape) ? shape.map(Number) : [],
    bytes: (to ?? 0) - (from ?? 0),
  };
}

export interface ZipEntry {
  name: string;
  size: number;
  packed: number;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const ENTRY = 0x02014b50;
const WIDE = 0xffffffff;

export interface ZipPlan {
  entries: number;
  /** Where the list of files is. */
  start: number;
  end: number;
}

/** Where a ZIP file's list of files is, from its last bytes (PKZIP APPNOTE 4.3.16, 4.3.14). */
export function zipPlan(tail: Uint8Array, fileSize: number): ZipPlan {
  const view = viewOf(tail);
  for (let at = tail.length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== END) continue;
    const plan = {
      entries: view.getUint16(at + 10, true),
      size: view.getUint32(at + 12, true),
      start: view.getUint32(at + 16, true),
    };
    const wide =
      plan.start === WIDE || plan.size === WIDE || plan.entries === 0xffff ? wideEnd(view, at, fileSize) : undefined;
    const { entries, size, start } = wide ?? plan;
    if (start + size > fileSize) break;
    return { entries, start, end: start + size };
  }
  throw new Damaged("It does not end as a ZIP file does.");
}

function wideEnd(view: DataView, end: number, fileSize: number) {
  const at = end - 20 >= 0 ? Number(view.getBigUint64(end - 12, true)) - (fileSize - view.byteLength) : -1;
  if (at < 0 || at + 56 > view.byteLength || view.getUint32(at, true) !== END_64) return undefined;
  return {
    entries: Number(view.getBigUint64(at + 32, true)),
    size: Number(view.getBigUint64(at + 40, true)),
    start: Number(view.getBigUint64(at + 48, true)),
  };
}

/** The files in the part of a ZIP file's list that is at hand. */
export function readZipEntries(bytes: Uint8Array): ZipEntry[] {
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at + 46 <= bytes.length && view.getUint32(at, true) === ENTRY) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ];
    if (at + 46 + name + extra > bytes.length) break;
    const sizes = [view.getUint32(at + 24, true), view.getUint32(at + 20, true)];
    const [size, packed] = wideSizes(view, at + 46 + name, extra, sizes);
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)),
      size: size!,
      packed: packed!,
    });
    at += 46 + name + extra + comment;
  }
  return entries;
}

/** Sizes of 4 GiB and more stand in an extra field. */
function wideSizes(view: DataView, start: number, length: number, sizes: number[]): number[] {
  let at = start;
  while (at + 4 <= start + length) {
    const size = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) {
      let place = at + 4;
      return sizes.map((one) => {
        if (one !== WIDE || place + 8 > at + 4 + size) return one;
        place += 8;
        return Number(view.getBigUint64(place - 8, true));
      });
    }
    at += 4 + size;
  }
  return sizes;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return new TextDecoder("latin1").decode(bytes.subarray(from, to));
}
