import { Spin } from "antd";
import { useTranslation } from "react-i18next";

/** What stands where something is on its way, also for who hears the page. */
export function Waiting() {
  const { t } = useTranslation();
  return (
    <div role="status" className="waiting" aria-label={t("loading")}>
      <Spin size="large" />
    </div>
  );
}
