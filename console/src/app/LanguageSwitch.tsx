import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { LANGUAGES, type Language, speak } from "../i18n";

/** One button that names the other language in its own words. */
export function LanguageSwitch() {
  const { i18n } = useTranslation();
  const other: Language = i18n.language === "zh-CN" ? "en" : "zh-CN";
  return (
    <Button type="text" lang={other} onClick={() => speak(other)}>
      {LANGUAGES[other]}
    </Button>
  );
}
