import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { type Language, speak, takeChosen } from "../i18n";
import { usePreferences } from "../resources/usePreferences";

/** Returns what speaks another language from now on, here and wherever the account signs in. */
export function useSpeak() {
  const { prefer } = usePreferences();
  return (language: Language) => {
    void speak(language);
    prefer({ language });
  };
}

/** Speaks the account's language. What somebody has chosen on the page to sign in is their account's from now on. */
export function useOwnLanguage() {
  const { i18n } = useTranslation();
  const { preferences, prefer } = usePreferences();
  const known = preferences !== undefined;
  const kept = preferences?.language;
  useEffect(() => {
    if (!known) return;
    const chosen = takeChosen();
    if (chosen && chosen !== kept) prefer({ language: chosen });
    else if (kept && kept !== i18n.language) void speak(kept as Language);
  }, [known, kept]);
}
