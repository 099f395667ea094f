// Holds the direction of imports: app -> features -> charts | components -> lib; `api` is open to all but lib;
// a feature never imports another feature; and no file grows past its limit.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const SOURCE = new URL("../src/", import.meta.url).pathname;
const LONGEST_FILE = 400;
const MAY_IMPORT = {
  app: ["app", "features", "charts", "components", "lib", "api", "styles"],
  features: ["features", "charts", "components", "lib", "api", "styles"],
  charts: ["charts", "lib", "api"],
  components: ["components", "lib", "styles"],
  api: ["api", "lib"],
  lib: ["lib"],
};
const IMPORT = /(?:from|import)\s*\(?\s*["'](\.[^"']*)["']/g;

const problems = [];
const files = readdirSync(SOURCE, { recursive: true }).filter((name) => /\.(tsx?|css)$/.test(name));
for (const file of files) {
  const text = readFileSync(join(SOURCE, file), "utf8");
  const lines = text.split("\n").length - 1;
  if (lines > LONGEST_FILE && file !== "api/generated.ts") {
    problems.push(`${file}: ${lines} lines; split it (at most ${LONGEST_FILE})`);
  }
  for (const [, target] of text.matchAll(IMPORT)) check(file, normalize(join(dirname(file), target)));
}

function check(file, target) {
  const [layer, feature] = file.split("/");
  const [wanted, other] = target.split("/");
  const allowed = MAY_IMPORT[layer];
  if (!allowed) return;
  if (!allowed.includes(wanted)) problems.push(`${file}: ${layer} may not import ${target}`);
  if (layer === "features" && wanted === "features" && feature !== other) {
    problems.push(`${file}: a feature may not import another feature (${target})`);
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`layers: ${files.length} files, imports point downward`);
