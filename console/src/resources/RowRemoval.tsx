import { DeleteOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { call, pathNames, type Row } from "../api/call";
import { useRefresh } from "./queries";
import type { Owner, Resource } from "./registry";

/** Takes one of a record's own away, where it has no page of its own to do that. It asks first. */
export function RowRemoval({ resource, owner, row }: { resource: Resource; owner: Owner; row: Row }) {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const refresh = useRefresh();
  const operation = resource.remove!;
  const action = t(`action.${operation}`);
  const removal = useMutation({
    mutationFn: () => call(operation, { path: { [owner.by]: owner.id, [pathNames(operation).at(-1)!]: row.id } }),
    onSuccess: () => {
      message.success(t("record.done", { action }));
      void refresh();
    },
    onError: (error) => message.error(error.message || t("form.unreachable")),
  });
  const ask = () =>
    modal.confirm({
      title: t("record.sure", { action }),
      okButtonProps: { danger: true },
      onOk: () => removal.mutateAsync().catch(() => undefined),
    });
  return <Button type="text" icon={<DeleteOutlined />} aria-label={action} loading={removal.isPending} onClick={ask} />;
}
