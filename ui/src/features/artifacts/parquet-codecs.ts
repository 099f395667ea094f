import { type Compressors, type FileMetaData, snappyUncompress } from "hyparquet";

type Unpack = (packed: Uint8Array, length: number) => Uint8Array;

/**
 * What unpacks each codec, read when a file needs it. None of them is WebAssembly, which the page may not run: so the
 * modules are named one by one, for the package as a whole begins with a Snappy of that kind.
 */
const CODECS: Record<string, () => Promise<Unpack>> = {
  SNAPPY: async () => (packed, length) => {
    const page = new Uint8Array(length);
    snappyUncompress(packed, page);
    return page;
  },
  GZIP: async () => {
    const { gunzip } = await import("hyparquet-compressors/src/gzip.js");
    return (packed, length) => gunzip(packed, new Uint8Array(length));
  },
  ZSTD: async () => {
    const { decompress } = await import("fzstd");
    return (packed, length) => decompress(packed, new Uint8Array(length));
  },
  BROTLI: async () => (await import("hyparquet-compressors/src/brotli.js")).decompressBrotli,
  LZ4: async () => (await import("hyparquet-compressors/src/lz4.js")).decompressLz4,
  LZ4_RAW: async () => (await import("hyparquet-compressors/src/lz4.js")).decompressLz4Raw,
};

/** The pages of one preview may unpack to this much; a few bytes can claim to hold any number of them. */
const MOST_UNPACKED = 256_000_000;

/** What unpacks the columns of a file; codecs that nobody knows are left out. */
export async function codecsOf({ row_groups: groups }: FileMetaData): Promise<Compressors> {
  const used = new Set(groups.flatMap(({ columns }) => columns.map(({ meta_data: data }) => data?.codec ?? "")));
  let unpacked = 0;
  const compressors: Record<string, Unpack> = {};
  for (const name of used) {
    const unpack = await CODECS[name]?.();
    if (!unpack) continue;
    compressors[name] = (packed, length) => {
      if (length === 0) return new Uint8Array(); // a dictionary of no values, which the LZ4 takes for a broken page
      if (unpacked + length > MOST_UNPACKED) throw new Error("The first rows unpack to more than 256 MB.");
      unpacked += length;
      return unpack(packed, length);
    };
  }
  return compressors;
}
