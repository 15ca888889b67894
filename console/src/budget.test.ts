import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Manifest } from "vite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

// What a page of the console may weigh on its way, compressed, before anything of the data.
const SIGN_IN_KB = 330;
const FIRST_LIST_KB = 520;

const folder = mkdtempSync(join(tmpdir(), "kehu-console-"));
let manifest: Manifest;

beforeAll(async () => {
  // As it is shipped: Vitest's own setting would bring what React has for those who develop.
  vi.stubEnv("NODE_ENV", "production");
  await build({ logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
  manifest = JSON.parse(readFileSync(join(folder, ".vite/manifest.json"), "utf8"));
}, 180_000);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** The files that these parts of the sources need, with all they import. */
function filesOf(parts: string[], found = new Set<string>()) {
  for (const part of parts) {
    const chunk = manifest[part]!;
    if (found.has(chunk.file)) continue;
    for (const file of [chunk.file, ...(chunk.css ?? [])]) found.add(file);
    filesOf(chunk.imports ?? [], found);
  }
  return found;
}

const kilobytes = (files: Set<string>) =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file)), { level: 9 }).length, 0) / 1000;
const texts = (name: string) => `src/i18n/zh-CN/${name}.json`;
const signIn = ["index.html", texts("app"), texts("resources"), texts("nouns")];
/** The table of a list needs the workspace around it. */
const list = [...signIn, "src/resources/ListTable.tsx"];

test("the page to sign in stays within its budget", () => {
  expect(kilobytes(filesOf(signIn))).toBeLessThan(SIGN_IN_KB);
});

test("so does the first list, with the frame around it", () => {
  expect(kilobytes(filesOf(list))).toBeLessThan(FIRST_LIST_KB);
});

test("the icons of antd are built so that nobody hears their file names", () => {
  const scripts = Object.values(manifest).filter(({ file }) => file.endsWith(".js"));
  const built = scripts.map(({ file }) => readFileSync(join(folder, file), "utf8")).join();
  expect(built).toMatch(/aria-label["'`]?:\w+\.name\}:\{["'`]aria-hidden["'`]:!0\}/);
  expect(built.match(/aria-label["'`]?:\w+\.name\}/g)).toHaveLength(1);
});

test("the frame and the first list are few files", () => {
  expect(filesOf(list).size).toBeLessThan(12);
});

test("no list loads what only a form or a board needs", () => {
  const files = filesOf(list);
  for (const part of ["src/resources/ResourceForm.tsx", "src/areas/board/Board.tsx", "src/app/RecordPage.tsx"])
    expect(files).not.toContain(manifest[part]!.file);
});
