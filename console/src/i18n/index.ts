import i18n from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = { "zh-CN": "中文", en: "English" } as const;
export type Language = keyof typeof LANGUAGES;

const STORE = "kehu.language";
const files = import.meta.glob<Record<string, unknown>>("./*/*.json", { import: "default" });

function wanted(): Language {
  const kept = localStorage.getItem(STORE);
  if (kept && kept in LANGUAGES) return kept as Language;
  return navigator.languages.some((each) => each.startsWith("zh")) || !navigator.language.startsWith("en")
    ? "zh-CN"
    : "en";
}

/** Shows everything in this language from now on; its texts are fetched when they are first wanted. */
export async function speak(language: Language) {
  const mine = Object.entries(files).filter(([path]) => path.startsWith(`./${language}/`));
  const texts = await Promise.all(mine.map(([, load]) => load()));
  for (const each of texts) i18n.addResourceBundle(language, "translation", each, true, true);
  await i18n.changeLanguage(language);
  localStorage.setItem(STORE, language);
  document.documentElement.lang = language;
}

export async function startLanguage() {
  await i18n.use(initReactI18next).init({ resources: {}, fallbackLng: false, interpolation: { escapeValue: false } });
  await speak(wanted());
}

export default i18n;
