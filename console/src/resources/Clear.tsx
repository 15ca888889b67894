import { CloseCircleFilled } from "@ant-design/icons";
import { useTranslation } from "react-i18next";

/** What empties an input: antd's button for it has no other name than that of its icon. */
export function Clear() {
  const { t } = useTranslation();
  return <CloseCircleFilled aria-label={t("list.empty")} />;
}

/** The button that empties a choice, which antd calls “Clear” in every language. */
export function useClear() {
  const { t } = useTranslation();
  return { clearIcon: <CloseCircleFilled />, label: t("list.empty") };
}
