import { expect, test } from "vitest";
import { allSchemas } from "../api/bodies";

const files = import.meta.glob<object>("./*/*.json", { eager: true, import: "default" });
/** One of something has a text of its own in a language that says so (i18next), and the same name. */
const entriesOf = (texts: object) => Object.entries(texts).filter(([key]) => !key.endsWith("_one"));
const keys = (texts: object, above = ""): string[] =>
  entriesOf(texts).flatMap(([key, text]) => (typeof text === "object" ? keys(text, `${above}${key}.`) : [above + key]));
const of = (language: string) =>
  Object.entries(files)
    .filter(([path]) => path.startsWith(`./${language}/`))
    .flatMap(([path, texts]) => keys(texts, `${path.split("/").at(-1)}: `))
    .sort();

test("both languages have the same texts", () => {
  expect(of("en")).toEqual(of("zh-CN"));
  expect(of("en").length).toBeGreaterThan(0);
});

test("a text stands in one file only", () => {
  const all = of("en").map((key) => key.split(": ")[1]);
  expect(all).toEqual([...new Set(all)]);
});

const placeholders = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map(String).sort();
test("a text has the same gaps in both languages", () => {
  const flat = (texts: object): string[] =>
    entriesOf(texts).flatMap(([, text]) => (typeof text === "object" ? flat(text) : [text]));
  for (const [path, texts] of Object.entries(files)) {
    const english = flat(files[path.replace("zh-CN", "en")]!);
    for (const [index, text] of flat(texts).entries())
      expect(placeholders(text), text).toEqual(placeholders(english[index]!));
  }
});

test("what is one of something is also said of many", () => {
  const all = (texts: object, above = ""): string[] =>
    Object.entries(texts).flatMap(([key, text]) =>
      typeof text === "object" ? all(text, `${above}${key}.`) : [above + key],
    );
  for (const texts of Object.values(files)) {
    const names = all(texts);
    const many = names.filter((name) => name.endsWith("_one")).map((name) => name.replace(/_one$/, ""));
    expect(names).toEqual(expect.arrayContaining(many));
  }
});

test("what stands in every form, and where there is none, names no button of one", () => {
  for (const language of ["zh-CN", "en"]) {
    type Texts = Record<string, Record<string, string>>;
    const { form, timeline } = {
      ...files[`./${language}/resources.json`],
      ...files[`./${language}/records.json`],
    } as Texts;
    for (const button of [form!.save!, timeline!.send!])
      expect(form!.unreachable!.toLowerCase()).not.toContain(button.toLowerCase());
  }
});

test("a change that was refused is not said to be another one's: it may have been one's own in another tab", () => {
  for (const name of ["resources", "permissions", "help"])
    for (const language of ["zh-CN", "en"])
      expect(JSON.stringify(files[`./${language}/${name}.json`])).not.toMatch(
        /别人|对方|somebody (else )?has|their change/i,
      );
});

const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.*", "!../api/generated/**"], {
  eager: true,
  import: "default",
  query: "?raw",
});
/** Every text that stands in the code, and every one that is put together there, as a pattern. */
function written() {
  const code = Object.values(sources).join("\n");
  const whole = [...code.matchAll(/"([\w.-]+)"/g)].map((match) => match[1]!);
  const patterns = [...code.matchAll(/`([\w.-]*(?:\$\{[^`]*?\}[\w.-]*)+)`/g)]
    .map((match) => match[1]!.split(/\$\{[^}]*\}/))
    // What begins with a gap, or has no dot before one, may be anything.
    .filter(([first]) => first!.includes("."))
    .map((parts) => new RegExp(`^${parts.map((part) => part.replaceAll(".", "\\.")).join("[\\w-]+")}$`));
  return { whole: new Set(whole), patterns };
}

test("every text is asked for somewhere", () => {
  const { whole, patterns } = written();
  const all = of("en").map((key) => key.split(": ")[1]!);
  // A list of lines is asked for as a whole.
  const names = [...new Set(all.map((key) => key.replace(/\.\d+$/, "")))];
  const dead = names.filter((key) => !whole.has(key) && !patterns.some((pattern) => pattern.test(key)));
  expect(dead).toEqual([]);
});

test("what is asked for is there", () => {
  const there = new Set(of("en").map((key) => key.split(": ")[1]!.replace(/\.\d+$/, "")));
  const asked = Object.values(sources).flatMap((code) =>
    [...code.matchAll(/\bt\("([\w.-]+)"/g)].map((match) => match[1]!),
  );
  expect([...new Set(asked)].filter((key) => !there.has(key))).toEqual([]);
});

test("every schema that a page names is one of the contract", () => {
  const named = Object.values(sources).flatMap((code) =>
    [...code.matchAll(/\b(?:allSchemas|schemas)\.(\w+)!/g)].map((match) => match[1]!),
  );
  expect(named.length).toBeGreaterThan(0);
  expect([...new Set(named)].filter((name) => !(name in allSchemas))).toEqual([]);
});

const textOf = (language: string, key: string) => {
  const within = (texts: unknown, names: string[]): unknown =>
    names.reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], texts);
  const found = Object.entries(files)
    .filter(([path]) => path.startsWith(`./${language}/`))
    .map(([, texts]) => within(texts, key.split(".")));
  return String(found.find((text) => text !== undefined));
};

test.each(["zh-CN", "en"])("what a button is called begins with what stands on it in %s", (language) => {
  // Whoever speaks to their machine says what they see (WCAG 2.5.3).
  for (const [seen, called] of [
    ["webhooks.attempts", "webhooks.attemptsOf"],
    ["webhooks.resend", "webhooks.resendOne"],
    ["programs.withdraw", "programs.withdrawNamed"],
    ["keys.withdraw", "keys.withdrawNamed"],
    ["operations.look", "operations.lookAt"],
    ["operations.redrive", "operations.redriveOne"],
    ["operations.discard", "operations.discardOne"],
  ] as const)
    expect(textOf(language, called), called).toMatch(new RegExp(`^${textOf(language, seen)}`));
  expect(textOf(language, "stages.to")).toMatch(/^\{\{stage\}\}/);
});
