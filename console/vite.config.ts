import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { readySheets } from "./scripts/styles.ts";

const gateway = process.env.KEHU_URL ?? "http://127.0.0.1:8080";

/** Lays a `.gz` beside every text that is built, so that the gateway serves it without working for it each time. */
function compressed(): Plugin {
  let folder = "dist";
  return {
    name: "compressed",
    apply: "build",
    configResolved: (config) => {
      folder = config.build.outDir;
    },
    writeBundle: () => {
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
        if (/\.(js|css|html|svg|json|webmanifest)$/.test(name))
          writeFileSync(`${join(folder, name)}.gz`, gzipSync(readFileSync(join(folder, name)), { level: 9 }));
    },
  };
}

/**
 * Icons stand beside words, or in buttons that have a name: nobody is to hear their English file names. One that says
 * something by itself has a label of ours; one that is pressed by itself keeps what it has.
 */
function quietIcons(): Plugin {
  const spoken = /role: "img",\s+"aria-label": icon\.name\s+(?=\}, restProps)/;
  const quiet = `...(onClick || restProps["aria-label"] ? { role: "img", "aria-label": icon.name } : { "aria-hidden": true })`;
  return {
    name: "quiet-icons",
    transform(code, id) {
      if (!/@ant-design\/icons\/es\/components\/AntdIcon(Light)?\.js/.test(id)) return;
      if (!spoken.test(code)) this.error("The icons of antd say their names in another way than they did.");
      return { code: code.replace(spoken, quiet), map: null };
    },
  };
}

const SOURCES = join(import.meta.dirname, "src");
const workspace = new Set([join(SOURCES, "app/Workspace.tsx")]);

/** All that the workspace imports of ours is one file, with what that needs, and not twenty: each is work for a phone. */
function partOf(id: string, graph: { getModuleInfo(id: string): { importedIds: readonly string[] } | null }) {
  // The set grows while it is gone through, until everything in it was.
  for (const each of workspace)
    for (const imported of graph.getModuleInfo(each)?.importedIds ?? [])
      if (imported.startsWith(SOURCES)) workspace.add(imported);
  return workspace.has(id) ? "workspace" : null;
}

export default defineConfig({
  plugins: [quietIcons(), readySheets(), react(), compressed()],
  server: { host: "127.0.0.1", port: 5199, proxy: { "/v1": gateway, "/health": gateway } },
  build: {
    target: "es2023",
    manifest: true,
    emptyOutDir: true,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What is asked before the rest is read needs a file that waits for no other.
            { name: "early", test: /src\/api\/(early|session)\.ts$/ },
            { name: "start", tags: ["$initial"] },
            { name: partOf, debugName: "workspace" },
          ],
        },
      },
    },
  },
});
