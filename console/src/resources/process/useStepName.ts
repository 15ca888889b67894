import { useTranslation } from "react-i18next";

/** What an operation is called where people do it themselves; an event, and what only services ask, keep their names. */
export function useStepName() {
  const { t, i18n } = useTranslation();
  return (name: string) => (i18n.exists(`action.${name}`) ? t(`action.${name}`) : name);
}
