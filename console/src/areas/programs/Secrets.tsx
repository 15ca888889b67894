import { Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { schemas } from "../../api/meta";
import { useMay } from "../../api/permissions";
import { OperationForm } from "../../resources/OperationForm";
import { useRefresh } from "../../resources/queries";
import { SmallTable } from "../../resources/SmallTable";
import { useSecret } from "../../resources/secrets";
import { useConfirm } from "../../resources/useConfirm";
import { useDeed } from "../../resources/useDeed";
import { Value } from "../../resources/Value";
import { useWords } from "../../resources/words";
import { serviceAccounts } from "../admin";

const COLUMNS = ["created_at", "known_to", "expires_at", "last_used_at", "last_used_from"];
const WITHDRAW = "withdraw";

/** The secrets of a program that live: a further one is shown once, an old one is withdrawn at once. */
export function Secrets({ row }: { row: Row }) {
  const { t } = useTranslation();
  const words = useWords();
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const confirm = useConfirm();
  const deed = useDeed();
  const fields = schemas.ServiceSecret!;
  const secrets = row.secrets as Row[];
  const withdraw = (secret: Row) =>
    confirm({
      title: t("programs.sure"),
      okText: t("programs.withdraw"),
      danger: true,
      onOk: () =>
        deed.ask({
          operation: "withdraw_service_account_secret",
          path: { service_account_id: row.id, secret_id: secret.id },
          version: row.version,
          done: t("programs.withdrawn"),
        }),
    });
  const mayWithdraw = may(row, "withdraw_service_account_secret");
  return (
    <section className="apart" aria-labelledby="secrets">
      <div className="toolbar">
        <h2 id="secrets">{t("programs.secrets")}</h2>
        {may(row, "rotate_service_account_secret") && (
          <Button onClick={() => setAsking(true)}>{t("programs.rotate")}</Button>
        )}
        <span className="nothing">{t("programs.hint")}</span>
      </div>
      {secrets.length === 0 ? (
        <p className="nothing">{t("programs.none")}</p>
      ) : (
        <SmallTable
          label={t("programs.secrets")}
          columns={[
            ...COLUMNS.map((name) => ({ name, label: words.label(name, fields[name]) })),
            ...(mayWithdraw ? [{ name: WITHDRAW, label: t("record.deeds") }] : []),
          ]}
          rows={secrets}
          cell={(secret, name) =>
            name === WITHDRAW ? (
              <Button
                size="small"
                danger
                aria-label={t("programs.withdrawNamed", { count: secrets.indexOf(secret) + 1 })}
                onClick={() => withdraw(secret)}
              >
                {t("programs.withdraw")}
              </Button>
            ) : (
              <Value name={name} fields={fields} row={secret} inLine />
            )
          }
        />
      )}
      {asking && <NewSecret row={row} onClose={() => setAsking(false)} />}
    </section>
  );
}

function NewSecret({ row, onClose }: { row: Row; onClose: () => void }) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const showSecret = useSecret();
  return (
    <Modal open title={t("programs.rotate")} footer={null} onCancel={onClose}>
      <OperationForm
        operation="rotate_service_account_secret"
        draft={`secret.${row.id}`}
        path={row.id}
        version={row.version}
        submit={t("programs.rotate")}
        onDone={(answer, isShown) => {
          if (isShown) onClose();
          showSecret(answer);
          void refresh(serviceAccounts);
        }}
      />
    </Modal>
  );
}
