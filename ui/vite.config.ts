import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env.ASSAY_URL ?? "http://127.0.0.1:5000";
const MAIN = /\/src\/main\.tsx$/;

interface Modules {
  getModuleInfo(id: string): { importers: readonly string[] } | null;
}

/** Whether the first visit needs a module: `main.tsx` leads to it without an `import()` in between. */
function isNeededAtOnce(id: string, modules: Modules, seen = new Set<string>()): boolean {
  if (MAIN.test(id)) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return modules.getModuleInfo(id)?.importers.some((one) => isNeededAtOnce(one, modules, seen)) ?? false;
}

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2023",
    // Nothing inlined as data: URLs, so that a strict content security policy holds.
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What the first visit needs comes in one file, however many later pages share parts of it.
        codeSplitting: {
          groups: [{ name: (id, modules) => (isNeededAtOnce(id, modules) ? "first" : null) }],
        },
      },
    },
  },
  server: { proxy: { "/ajax-api": server, "/get-artifact": server, "/version": server } },
});
