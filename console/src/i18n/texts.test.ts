import { expect, test } from "vitest";

const files = import.meta.glob<object>("./*/*.json", { eager: true, import: "default" });
const keys = (texts: object, above = ""): string[] =>
  Object.entries(texts).flatMap(([key, text]) =>
    typeof text === "object" ? keys(text, `${above}${key}.`) : [above + key],
  );
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
    Object.entries(texts).flatMap(([, text]) => (typeof text === "object" ? flat(text) : [text]));
  for (const [path, texts] of Object.entries(files)) {
    const english = flat(files[path.replace("zh-CN", "en")]!);
    for (const [index, text] of flat(texts).entries())
      expect(placeholders(text), text).toEqual(placeholders(english[index]!));
  }
});
