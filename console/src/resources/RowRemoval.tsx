import { DeleteOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { pathNames, type Row } from "../api/call";
import type { Owner, Resource } from "./registry";
import { useConfirm } from "./useConfirm";
import { useDeed } from "./useDeed";

/** Takes one of a record's own away, where it has no page of its own to do that. It asks first. */
export function RowRemoval({ resource, owner, row }: { resource: Resource; owner: Owner; row: Row }) {
  const { t } = useTranslation();
  const confirm = useConfirm();
  const removal = useDeed();
  const operation = resource.remove!;
  const action = t(`action.${operation}`);
  const path = { [owner.by]: owner.id, [pathNames(operation).at(-1)!]: row.id };
  const ask = () =>
    confirm({
      title: t("record.sure", { action }),
      danger: true,
      onOk: () => removal.ask({ operation, path, done: t(`done.${operation}`) }),
    });
  return <Button type="text" icon={<DeleteOutlined />} aria-label={action} loading={removal.isPending} onClick={ask} />;
}
