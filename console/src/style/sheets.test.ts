import { build, type Plugin } from "vite";
import { expect, test } from "vitest";
import { readySheets } from "../../scripts/styles.ts";

/** A console that shows this component of antd and nothing else. */
const showing = (name: string): Plugin => ({
  name: "showing",
  resolveId: (id) => (id === "entry" ? "/entry.js" : undefined),
  load: (id) => (id === "/entry.js" ? `import { ${name} } from "antd"; console.log(${name});` : undefined),
});

const built = (name: string) =>
  build({
    configFile: false,
    logLevel: "silent",
    plugins: [showing(name), readySheets()],
    build: { write: false, rolldownOptions: { input: "entry" } },
  });

test("a component of antd without a style sheet fails the build, which says which one it is", async () => {
  await expect(built("Slider")).rejects.toThrow(/Slider-Slider/);
}, 120_000);
