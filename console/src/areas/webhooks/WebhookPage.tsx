import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { useMay } from "../../api/permissions";
import { fullMoment } from "../../resources/days";
import { recordPage } from "../../resources/recordPage";
import { useSecret } from "../../resources/secrets";
import { useConfirm } from "../../resources/useConfirm";
import { useDeed } from "../../resources/useDeed";
import { webhooks } from "../admin";
import { Deliveries } from "./Deliveries";

/** A subscription of another system: whether it is well, its secret, and what became of each message. */
export const Component = recordPage(webhooks, {
  above: (row) => <Standing row={row} />,
  below: (row) => <Deliveries row={row} />,
});

const moment = (value: unknown) => fullMoment(String(value));

function Standing({ row }: { row: Row }) {
  const { t } = useTranslation();
  return (
    <>
      {row.stopped_because ? (
        <Stopped because={String(row.stopped_because)} />
      ) : (
        row.failing_since && (
          <Alert type="warning" showIcon title={t("webhooks.failing", { since: moment(row.failing_since) })} />
        )
      )}
      {row.missed_before != null && (
        <Alert type="warning" showIcon title={t("webhooks.missed", { since: moment(row.missed_before) })} />
      )}
      <div className="toolbar apart">
        {row.previous_secret_until != null && (
          <span>{t("webhooks.previous", { until: moment(row.previous_secret_until) })}</span>
        )}
        <span className="grow" />
        <NewSecret row={row} />
      </div>
    </>
  );
}

/** Why nothing is delivered, and whether what happens meanwhile is kept: only of a receiver that may come back it is. */
function Stopped({ because }: { because: string }) {
  const { t } = useTranslation();
  return (
    <Alert
      type={because === "administrator" ? "info" : "error"}
      showIcon
      title={t(`webhooks.stopped.${because}`)}
      description={t(`webhooks.stoppedHint.${because === "failing" ? "kept" : "lost"}`)}
    />
  );
}

function NewSecret({ row }: { row: Row }) {
  const { t } = useTranslation();
  const confirm = useConfirm();
  const may = useMay();
  const showSecret = useSecret();
  const deed = useDeed(showSecret);
  if (!may(row, "rotate_webhook_secret")) return null;
  const ask = () =>
    confirm({
      title: t("webhooks.rotateSure"),
      okText: t("webhooks.rotate"),
      onOk: () =>
        deed.ask({
          operation: "rotate_webhook_secret",
          path: row.id,
          version: row.version,
          done: t("webhooks.rotated"),
        }),
    });
  return <Button onClick={ask}>{t("webhooks.rotate")}</Button>;
}
