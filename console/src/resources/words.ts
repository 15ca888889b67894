import { useTranslation } from "react-i18next";
import type { Field, Said } from "../api/meta";

const readable = (name: string) => name.replaceAll("_", " ").replace(/ id$/, "");

/** What the contract calls a field or one of its values in a language; its name where it says nothing. */
export function said(language: string, told: Said | undefined, name: string) {
  return told?.[language === "en" ? "en" : "zh"] ?? readable(name);
}

export function useWords() {
  const { i18n } = useTranslation();
  return {
    label: (name: string, field?: Field) => said(i18n.language, field?.label, name),
    value: (value: string, field?: Field) => said(i18n.language, field?.["enum-labels"]?.[value], value),
  };
}
