import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { LANGUAGES, type Language } from "../i18n";

/** One button that names the other language in its own words. */
export function LanguageSwitch({ onSwitch }: { onSwitch: (language: Language) => void }) {
  const { i18n } = useTranslation();
  const other: Language = i18n.language === "zh-CN" ? "en" : "zh-CN";
  return (
    <Button type="text" lang={other} onClick={() => onSwitch(other)}>
      {LANGUAGES[other]}
    </Button>
  );
}
