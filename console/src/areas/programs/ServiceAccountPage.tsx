import { Button, Typography } from "antd";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { useMay } from "../../api/permissions";
import { recordPage } from "../../resources/recordPage";
import { useConfirm } from "../../resources/useConfirm";
import { useDeed } from "../../resources/useDeed";
import { serviceAccounts } from "../admin";
import { GrantsOf } from "../roles/GrantsOf";
import { Secrets } from "./Secrets";

/** An account of a program: its secrets, and what it may do. */
export const Component = recordPage(serviceAccounts, {
  above: (row) => <Standing row={row} />,
  below: (row) => (
    <>
      <Secrets row={row} />
      <GrantsOf resource={serviceAccounts} row={row} forProgram />
    </>
  ),
});

/** What the program is called where it asks for tokens, and whether it gets any. */
function Standing({ row }: { row: Row }) {
  const { t } = useTranslation();
  const confirm = useConfirm();
  const may = useMay();
  const deed = useDeed();
  const active = row.status === "active";
  const become = () =>
    deed.ask({
      operation: "update_service_account",
      path: row.id,
      version: row.version,
      body: { status: active ? "disabled" : "active" },
      done: t(active ? "programs.disabled" : "programs.enabled"),
    });
  const ask = () =>
    active
      ? confirm({
          title: t("programs.sureDisable"),
          danger: true,
          okText: t("programs.disable"),
          onOk: become,
        })
      : void become();
  return (
    <div className="toolbar">
      <span>{t("programs.client")}</span>
      <Typography.Text copyable code>
        {row.id}
      </Typography.Text>
      <span className="grow" />
      {may(row, "update_service_account") && (
        <Button danger={active} loading={deed.isPending} onClick={ask}>
          {t(active ? "programs.disable" : "programs.enable")}
        </Button>
      )}
    </div>
  );
}
