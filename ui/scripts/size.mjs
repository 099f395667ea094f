// Prints what a first visit to the run table downloads (gzip), and what a run's charts add to it; fails over the budget.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url).pathname;
const BUDGET_KB = { all: 150, script: 142, style: 10, chart: 57 };
const MOST_REQUESTS = 4; // icon, experiment, runs and the stream of changes make the rest of the eight

const size = (name) => gzipSync(readFileSync(DIST + name), { level: 9 }).length / 1024;
const manifest = JSON.parse(readFileSync(`${DIST}.vite/manifest.json`, "utf8"));

function closure(key, found = new Set()) {
  const chunk = manifest[key];
  if (!chunk || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const style of chunk.css ?? []) found.add(style);
  for (const next of chunk.imports ?? []) closure(next, found);
  return found;
}

// What the page itself asks for, and what that imports.
const page = readFileSync(`${DIST}index.html`, "utf8");
const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, file]) => file);
const chunks = Object.keys(manifest).filter((key) => named.includes(manifest[key].file));
const first = ["index.html", ...new Set([...named, ...chunks.flatMap((key) => [...closure(key)])])];
const keyOf = (named) => {
  const key = Object.keys(manifest).find((one) => one === named || manifest[one].name === named);
  if (!key) throw new Error(`The build has no file for ${named}: see codeSplitting in vite.config.ts.`);
  return key;
};
const runCharts = ["src/features/run/page.tsx", "charts"].flatMap((named) => [...closure(keyOf(named))]);
const charts = [...new Set(runCharts)].filter((name) => !first.includes(name));
const total = (names) => names.reduce((sum, name) => sum + size(name), 0);
const measured = {
  all: total(first),
  script: total(first.filter((name) => name.endsWith(".js"))),
  style: total(first.filter((name) => name.endsWith(".css"))),
  chart: total(charts),
};

for (const name of first) console.log(`${size(name).toFixed(1).padStart(8)} KB  ${name}`);
for (const name of charts) console.log(`${size(name).toFixed(1).padStart(8)} KB  ${name} (charts)`);
const over = Object.keys(BUDGET_KB).filter((name) => measured[name] > BUDGET_KB[name]);
for (const name of Object.keys(BUDGET_KB)) {
  console.log(`${name.padEnd(8)}${measured[name].toFixed(1)} of ${BUDGET_KB[name]} KB`);
}
console.log(
  `requests ${first.length} of ${MOST_REQUESTS} (files of dist/assets: ${readdirSync(`${DIST}assets`).length})`,
);
if (over.length > 0 || first.length > MOST_REQUESTS) {
  console.error(`Over budget: ${[...over, first.length > MOST_REQUESTS ? "requests" : ""].filter(Boolean).join(", ")}`);
  process.exit(1);
}
