// Writes a .gz and a .br beside every text file of dist/, so that the server never compresses the app itself.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url).pathname;
const TEXT = /\.(html|js|css|svg|json)$/;

for (const name of readdirSync(DIST, { recursive: true }).filter((name) => TEXT.test(name))) {
  const path = join(DIST, name);
  const bytes = readFileSync(path);
  const options = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, options));
}
