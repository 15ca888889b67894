import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

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
    closeBundle: () => {
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
        if (/\.(js|css|html|svg|json|webmanifest)$/.test(name))
          writeFileSync(`${join(folder, name)}.gz`, gzipSync(readFileSync(join(folder, name)), { level: 9 }));
    },
  };
}

export default defineConfig({
  plugins: [react(), compressed()],
  server: { host: "127.0.0.1", port: 5199, proxy: { "/v1": gateway, "/health": gateway } },
  build: {
    target: "es2023",
    manifest: true,
    emptyOutDir: true,
    chunkSizeWarningLimit: 900,
    // What is asked before the rest is read needs a file that waits for no other.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: "early", test: /src\/api\/(early|session)\.ts$/ }] } },
    },
  },
});
