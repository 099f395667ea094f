// Prints, as one line of JSON, how to start the Chromium that npm brought: {"executable", "arguments", "environment"}.
//
//   cd ui/tests/browser && npm ci && node chromium.mjs
//
// The package keeps the browser and its shared libraries (NSS, NSPR, fonts) compressed. It unpacks the libraries only
// where it believes to be on AWS Lambda, so a plain Debian machine without libnss3 needs AWS_LAMBDA_JS_RUNTIME set while
// the module loads. The folder is one of this user's own, so that two users of a machine do not collide.
import { mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const folder = join(tmpdir(), `assay-chromium-${userInfo().uid}`);
mkdirSync(folder, { recursive: true, mode: 0o700 });
process.env.TMPDIR = folder;
process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs24.x";

const { default: chromium } = await import("@sparticuz/chromium");
console.log(
  JSON.stringify({
    executable: await chromium.executablePath(),
    arguments: ["--no-sandbox", "--no-zygote", "--font-render-hinting=none", "--use-angle=swiftshader"],
    environment: { LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH, FONTCONFIG_PATH: process.env.FONTCONFIG_PATH },
  }),
);
