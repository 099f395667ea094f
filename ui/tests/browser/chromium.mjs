// Prints, as one line of JSON, how to start the Chromium that npm brought: {"executable", "arguments", "environment"}.
//
//   cd ui/tests/browser && npm ci && node chromium.mjs
//
// What makes it start on a plain Debian machine, where neither NSS nor a font is installed:
//  - the package brings those libraries (compressed), but unpacks them only where it believes to be on AWS Lambda, so
//    AWS_LAMBDA_JS_RUNTIME is set while it loads; LD_LIBRARY_PATH then names them;
//  - its font settings name folders of Lambda, so settings of our own name the folder where the fonts are;
//  - everything is unpacked below a folder of this user's own, so that two users of a machine do not collide.
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const folder = join(tmpdir(), `assay-chromium-${userInfo().uid}`);
mkdirSync(folder, { recursive: true, mode: 0o700 });
process.env.TMPDIR = folder;
process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs24.x";

const { default: chromium } = await import("@sparticuz/chromium");
const executable = await chromium.executablePath();

const fonts = join(folder, "fonts.conf");
writeFileSync(
  fonts,
  `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, "fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, "fonts-cache")}</cachedir>
</fontconfig>
`,
);

console.log(
  JSON.stringify({
    executable,
    // Without --disable-gpu a canvas is drawn by an emulated GPU, which takes a second for its first picture.
    arguments: ["--no-sandbox", "--no-zygote", "--font-render-hinting=none", "--disable-gpu"],
    environment: { LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH, FONTCONFIG_FILE: fonts },
  }),
);
