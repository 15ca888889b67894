import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import { loaded } from "../api/loading";

export const LANGUAGES = { "zh-CN": "中文", en: "English" } as const;
export type Language = keyof typeof LANGUAGES;

const STORE = "kehu.language";
const files = import.meta.glob<Record<string, unknown>>("./*/*.json", { import: "default" });
/** The files whose texts are there before anything is shown. An area's own come with its pages. */
const wanted = new Set(["app", "resources", "nouns"]);

function preferred(): Language {
  const kept = localStorage.getItem(STORE);
  if (kept && kept in LANGUAGES) return kept as Language;
  return navigator.languages.some((each) => each.startsWith("zh")) || !navigator.language.startsWith("en")
    ? "zh-CN"
    : "en";
}

async function fetchTexts(language: Language, names: Iterable<string>) {
  const load = async (name: string) =>
    i18n.addResourceBundle(language, "translation", await files[`./${language}/${name}.json`]!(), true, true);
  await Promise.all([...names].map(load));
}

/** Shows everything in this language from now on; its texts are fetched when they are first wanted. */
export async function speak(language: Language) {
  await fetchTexts(language, wanted);
  await i18n.changeLanguage(language);
  localStorage.setItem(STORE, language);
  document.documentElement.lang = language;
}

let chosen: Language | undefined;

/** Speaks what somebody has chosen before anybody knows who they are. */
export function choose(language: Language) {
  chosen = language;
  void speak(language);
}

/** What was chosen before somebody signed in, told once. */
export function takeChosen() {
  const language = chosen;
  chosen = undefined;
  return language;
}

async function start() {
  await i18n.use(initReactI18next).init({ resources: {}, fallbackLng: false, interpolation: { escapeValue: false } });
  await speak(preferred());
}

let started: Promise<void> | undefined;

/** Begins with the language that is kept or preferred, the first time that anybody wants it. */
export function startLanguage() {
  started ??= start();
  return started;
}

/** Returns what fetches a part of the console together with the file of its texts: for `lazily`, and `lazy` of routes. */
export const withTexts =
  <Part>(name: string, load: () => Promise<Part>) =>
  () =>
    loaded(() => bothOf(name, load));

async function bothOf<Part>(name: string, load: () => Promise<Part>) {
  const texts = startLanguage().then(() => {
    wanted.add(name);
    return fetchTexts(i18n.language as Language, [name]);
  });
  const [part] = await Promise.all([load(), texts]);
  return part;
}

export default i18n;
