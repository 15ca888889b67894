import { useTranslation } from "react-i18next";

/** The word behind the name of what cannot be had now, which is grey: colour alone says nothing. */
export function Away({ partly }: { partly?: boolean }) {
  const { t } = useTranslation();
  return <small> {t(partly ? "nav.partlyAway" : "nav.away")}</small>;
}
