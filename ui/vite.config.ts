import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env.ASSAY_URL ?? "http://127.0.0.1:5000";
const MAIN = /\/src\/main\.tsx$/;
const CHARTS = /\/src\/features\/curves\/board\.tsx$/;

interface Modules {
  getModuleInfo(id: string): { importers: readonly string[] } | null;
}

/** Whether a module comes with another one, which leads to it without an `import()` in between. */
function comesWith(root: RegExp, id: string, modules: Modules, seen = new Set<string>()): boolean {
  if (root.test(id)) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return modules.getModuleInfo(id)?.importers.some((one) => comesWith(root, one, modules, seen)) ?? false;
}

/** One file for all that comes with a module, so that it is asked for at once, however many pages share parts of it. */
function fileOf(name: string, root: RegExp, priority: number) {
  return {
    name: (id: string, modules: Modules) => (comesWith(root, id, modules) ? name : null),
    debugName: name,
    priority,
  };
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
        codeSplitting: {
          groups: [
            { name: "first", test: /rolldown[/:]runtime/, priority: 3 },
            fileOf("first", MAIN, 2),
            fileOf("charts", CHARTS, 1),
          ],
        },
      },
    },
  },
  // Parts of a worker that few files need are loaded when one does.
  worker: { format: "es" },
  server: { proxy: { "/ajax-api": server, "/get-artifact": server, "/version": server } },
});
