import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";

/** Says of a record in a pool that there is more of it than is shown. */
export default function GlimpseNote({ row }: { row: Row }) {
  const { t } = useTranslation();
  return row.glimpse ? <Alert type="info" showIcon title={t("list.glimpse")} /> : null;
}
