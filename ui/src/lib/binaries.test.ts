import { expect, test } from "vitest";
import { Damaged, readNpy, readSafetensors, readZipEntries, safetensorsHeadSize, zipPlan } from "./binaries";

const latin = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

function npy(header: string, values: Uint8Array) {
  const length = new Uint8Array(new Uint16Array([header.length]).buffer);
  return joined(latin("\u0093NUMPY\u0001\u0000"), length, latin(header), values);
}

test("a NumPy array tells type, shape and its first values", () => {
  const values = new Uint8Array(new Float32Array([1.5, -2, 0.1]).buffer);
  const head = readNpy(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1), }   \n", values), 2);
  expect(head).toMatchObject({ type: "<f4", shape: [3, 1], fortran: false, values: [1.5, -2] });
  const half = new Uint8Array([0x00, 0x3c, 0x00, 0xc0]);
  expect(readNpy(npy("{'descr': '<f2', 'fortran_order': True, 'shape': (2,), }", half), 9).values).toEqual([1, -2]);
  const records = npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (), }", values);
  expect(readNpy(records, 9).values).toBeUndefined();
});

test("an array whose bytes end early gives the values that are there", () => {
  const bytes = npy("{'descr': '>i2', 'fortran_order': False, 'shape': (1000000,), }", new Uint8Array([0, 1, 0, 2, 9]));
  expect(readNpy(bytes, 10).values).toEqual([1, 2]);
});

test("safetensors: names, types, shapes and sizes", () => {
  const header = latin('{"__metadata__":{"format":"pt"},"w":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]}}');
  const bytes = joined(new Uint8Array(new BigUint64Array([BigInt(header.length)]).buffer), header);
  expect(safetensorsHeadSize(bytes)).toBe(bytes.length);
  expect(readSafetensors(bytes)).toEqual({
    metadata: { format: "pt" },
    tensors: [{ name: "w", type: "F16", shape: [2, 3], bytes: 12 }],
  });
});

test("what is not what it says is told", () => {
  const noise = latin("not a file of any of these kinds");
  expect(() => readNpy(noise, 1)).toThrow(Damaged);
  expect(() => readSafetensors(noise)).toThrow(Damaged);
  expect(() => zipPlan(noise, noise.length)).toThrow(Damaged);
  expect(readZipEntries(noise)).toEqual([]);
});

test("the list of a ZIP file, made by Python's zipfile with 64-bit sizes", () => {
  const entry = new Uint8Array(46 + 3 + 20);
  const view = new DataView(entry.buffer);
  view.setUint32(0, 0x02014b50, true);
  view.setUint32(20, 0xffffffff, true);
  view.setUint32(24, 0xffffffff, true);
  view.setUint16(28, 3, true);
  view.setUint16(30, 20, true);
  entry.set(latin("a/b"), 46);
  view.setUint16(49, 1, true);
  view.setUint16(51, 16, true);
  view.setBigUint64(53, 5_000_000_000n, true);
  view.setBigUint64(61, 4_000_000_000n + 500_000_000n, true);
  const end = new Uint8Array(22);
  const tail = new DataView(end.buffer);
  tail.setUint32(0, 0x06054b50, true);
  tail.setUint16(10, 1, true);
  tail.setUint32(12, entry.length, true);
  tail.setUint32(16, 0, true);
  const file = joined(entry, end);
  expect(zipPlan(file, file.length)).toEqual({ entries: 1, start: 0, end: entry.length });
  expect(readZipEntries(entry)).toEqual([{ name: "a/b", size: 5_000_000_000, packed: 4_500_000_000 }]);
});
