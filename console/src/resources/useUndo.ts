import { useTranslation } from "react-i18next";
import { useTold } from "./useTold";

/** Returns what says that something was done and lets one take it back for a while; `key` is of what it was done to. */
export function useUndo() {
  const { t } = useTranslation();
  const tell = useTold();
  return (key: string, text: string, undo: () => void) => tell(key, text, t("record.undo"), undo);
}
