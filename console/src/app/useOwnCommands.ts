import { App } from "antd";
import { useTranslation } from "react-i18next";
import { signOut } from "../api/session";
import { LANGUAGES, type Language } from "../i18n";
import type { Command } from "./commands";
import { useSpeak } from "./useLanguage";

/** Ends the session, and says it where the server did not hear of it. */
export function useLeave() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  return async () => {
    if (!(await signOut())) message.error(t("signOutFailed"));
  };
}

/** What the frame itself does: help, the other language, signing out. */
export function useOwnCommands(): Command[] {
  const { t, i18n } = useTranslation();
  const leave = useLeave();
  const speak = useSpeak();
  const other: Language = i18n.language === "zh-CN" ? "en" : "zh-CN";
  return [
    { key: "help", label: t("nav.help"), also: ["help", "bz"], to: "/help" },
    {
      key: "language",
      label: LANGUAGES[other],
      also: ["language", "yuyan", "english", "zhongwen"],
      run: () => speak(other),
    },
    { key: "out", label: t("signOut"), also: ["sign out", "logout", "tcdl"], run: () => void leave() },
  ];
}
