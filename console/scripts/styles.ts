/**
 * The style sheets of antd, made when the console is built: antd makes them while it runs, which is a quarter of what a
 * phone computes until the first list is there. Each of its modules that makes styles imports a sheet instead, so that
 * a sheet is where the component is (docs/decisions/0037).
 */
import { createRequire } from "node:module";
import type { Plugin } from "vite";
import { TOKENS, VARIABLES } from "../src/style/theme.ts";
import { samples } from "./samples.ts";

const SHEETS = "/antd-sheets/";
/** What makes styles in antd, and what is left of each: no digest in class names, and the class with the variables. */
const MAKERS: Record<string, string> = {
  genStyleHooks: `(() => ["", ${JSON.stringify(VARIABLES)}])`,
  genComponentStyleHook: '(() => "")',
  genSubStyleComponent: "(() => null)",
  genStyleUtils: "{}",
  useStyleRegister: "undefined",
};
const MAKER = new RegExp(`\\b(${Object.keys(MAKERS).join("|")})\\(`);

/** Returns what antd registers while it shows the samples: `Button` are variables, `Button-Button` and the like rules. */
function sheets() {
  const fromAntd = createRequire(createRequire(import.meta.url).resolve("antd"));
  const { createCache, StyleProvider } = fromAntd("@ant-design/cssinjs");
  const { createElement: h } = fromAntd("react");
  const { renderToString } = fromAntd("react-dom/server");
  const antd: typeof import("antd") = fromAntd("antd");
  const { App, ConfigProvider, theme } = antd;
  const looks = { algorithm: theme.compactAlgorithm, hashed: false, cssVar: { key: VARIABLES }, token: TOKENS };
  const cache = createCache();
  const shown = samples(antd, h).map((each) => h(ConfigProvider, { theme: looks }, h(App, null, each)));
  for (const each of shown) renderToString(h(StyleProvider, { cache }, each));
  const found = new Map<string, string>();
  const add = (name: string, text: string) => found.set(name, (found.get(name) ?? "") + text);
  for (const [key, [, made]] of cache.cache) {
    const [kind, first, second, third] = key.split("%");
    if (kind === "style") add(second, [made[0], ...Object.values(made[2])].join(""));
    if (kind === "cssVar" && second === VARIABLES) add(first, made[1]);
    if (kind === "cssVar" && third === undefined) throw new Error(`antd names its styles in another way: ${key}`);
  }
  return found;
}

type Node = { type: string; start: number; end: number; [member: string]: unknown };
type Made = { name: string; told: Node | undefined; start: number; end: number };
const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === "string";

/** The calls in a module of what makes styles, the last one first. */
function makersIn(node: Node): Made[] {
  const name = node.type === "CallExpression" && (node.callee as Node).name;
  if (typeof name === "string" && name in MAKERS)
    return [{ name, told: (node.arguments as Node[])[0], start: node.start, end: node.end }];
  const below = Object.values(node).flat().filter(isNode).flatMap(makersIn);
  return below.sort((one, other) => other.start - one.start);
}

/** The sheets in the place of a call: `'Button'` and `['Button', 'compact']` are registered as Button-Button, Button-compact. */
function sheetsOf({ name, told }: Made) {
  if (name === "genStyleUtils") return [];
  if (name === "useStyleRegister") return ["ant-design-icons"];
  const cells = (told?.type === "ArrayExpression" ? (told.elements as Node[]) : [told, told]).map(
    (cell) => cell?.value,
  );
  return ["Shared", ...(name === "genStyleHooks" ? [String(cells[0])] : []), cells.join("-")];
}

export function readySheets(): Plugin {
  let ready = new Map<string, string>();
  const wanted = new Map<string, Set<string>>();
  return {
    name: "ready-sheets",
    apply: "build",
    buildStart: () => {
      ready = sheets();
    },
    resolveId: (id) => (id.startsWith(SHEETS) ? id : undefined),
    load(id) {
      if (!id.startsWith(SHEETS)) return;
      // Whatever ours say goes, wherever theirs stand.
      return `@layer antd {${ready.get(id.slice(SHEETS.length, -".css".length)) ?? ""}}`;
    },
    transform(code, id) {
      if (!/\/antd\/es\/.*\.js$/.test(id) || !MAKER.test(code)) return;
      const calls = makersIn(this.parse(code) as unknown as Node);
      const names = new Set(calls.flatMap(sheetsOf));
      wanted.set(id, names);
      let made = code;
      for (const { name, start, end } of calls) made = made.slice(0, start) + MAKERS[name] + made.slice(end);
      return { code: [...names].map((name) => `import "${SHEETS}${name}.css";\n`).join("") + made, map: null };
    },
    generateBundle(_, bundle) {
      // Only now it is known which of antd's components are shown at all.
      const chunks = Object.values(bundle).filter((each) => each.type === "chunk");
      const names = new Set(chunks.flatMap((chunk) => chunk.moduleIds.flatMap((id) => [...(wanted.get(id) ?? [])])));
      const missing = [...names].filter((name) => !ready.has(name));
      if (missing.length)
        this.error(`These of antd have no style sheet, show them in scripts/samples.ts: ${missing.join(", ")}`);
    },
  };
}
