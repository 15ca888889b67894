import told from "../../api/generated/permissions.json";
import type { Said } from "../../api/meta";
import { said } from "../words";

type Labelled = { "x-label": Said };
const nouns = told as unknown as Record<string, Labelled & { deeds: Record<string, Labelled> }>;

/** A text in which each permission is called what the contract calls it, instead of by its code. */
export const inWords = (text: string, language: string) =>
  text.replace(/\b([a-z_]+)\.([a-z_]+)\b/g, (code, name: string, deed: string) => {
    const known = nouns[name]?.deeds[deed];
    if (!known) return code;
    const [noun, what] = [nouns[name], known].map((each) => said(language, each!["x-label"], code));
    return language === "en" ? `“${noun}: ${what}”` : `“${noun}：${what}”`;
  });
