import { Button, Modal, Segmented, Space } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { useMay } from "../../api/permissions";
import { Fetched } from "../../resources/Failure";
import { useList } from "../../resources/queries";
import { fieldsOf, type Resource } from "../../resources/registry";
import { SmallTable } from "../../resources/SmallTable";
import { useDeed } from "../../resources/useDeed";
import { Value } from "../../resources/Value";
import { useWords } from "../../resources/words";
import { webhookAttempts, webhookDeliveries } from "../admin";

const ALL = "all";
const DEEDS = "deeds";

/** What was, is being and could not be delivered; each can be looked into, and sent again. */
export function Deliveries({ row: webhook }: { row: Row }) {
  const { t } = useTranslation();
  const words = useWords();
  const [state, setState] = useState(ALL);
  const [shown, setShown] = useState<Row>();
  const fields = fieldsOf(webhookDeliveries);
  const filter: Record<string, string> = state === ALL ? {} : { "filter[state]": state };
  const owner = { by: "webhook_id", id: webhook.id };
  const list = useList(webhookDeliveries, { sort: "-position", ...filter }, owner);
  const states = fields.state!.enum!.map((value) => ({ value, label: words.value(value, fields.state) }));
  return (
    <section className="apart" aria-labelledby="deliveries">
      <div className="toolbar">
        <h2 id="deliveries">{t("webhooks.deliveries")}</h2>
        <Segmented
          aria-label={words.label("state", fields.state)}
          value={state}
          onChange={setState}
          options={[{ value: ALL, label: t("list.all") }, ...states]}
        />
      </div>
      <Fetched of={list} />
      {list.isSuccess && list.rows.length === 0 && <p className="nothing">{t("empty.webhook-deliveries")}</p>}
      {list.rows.length > 0 && (
        <SmallTable
          label={t("webhooks.deliveries")}
          columns={[...columnsOf(webhookDeliveries, words), { name: DEEDS, label: t("record.deeds") }]}
          rows={list.rows}
          cell={(row, name) =>
            name === DEEDS ? (
              <Deeds webhook={webhook} row={row} onShow={() => setShown(row)} />
            ) : (
              <Value name={name} fields={fields} row={row} tones={webhookDeliveries.tones} inLine />
            )
          }
        />
      )}
      {list.hasNextPage && (
        <Button onClick={list.more} loading={list.isFetchingNextPage}>
          {t("list.more")}
        </Button>
      )}
      {shown && <Attempts webhook={webhook.id} delivery={shown} onClose={() => setShown(undefined)} />}
    </section>
  );
}

const columnsOf = (resource: Resource, words: ReturnType<typeof useWords>) =>
  resource.columns.map((name) => ({ name, label: words.label(name, fieldsOf(resource)[name]) }));

function Deeds({ webhook, row, onShow }: { webhook: Row; row: Row; onShow: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const deed = useDeed();
  const type = String(row.event_type);
  return (
    <Space>
      <Button size="small" aria-label={t("webhooks.attemptsOf", { type })} onClick={onShow}>
        {t("webhooks.attempts")}
      </Button>
      {may(webhook, "resend_webhook") && (
        <Button
          size="small"
          aria-label={t("webhooks.resendOne", { type })}
          loading={deed.isPending}
          onClick={() =>
            deed.mutate({
              operation: "resend_webhook",
              path: webhook.id,
              body: { delivery_id: row.id },
              done: t("webhooks.resent"),
            })
          }
        >
          {t("webhooks.resend")}
        </Button>
      )}
    </Space>
  );
}

/** Every attempt at a delivery with what the receiver answered. */
function Attempts({ webhook, delivery, onClose }: { webhook: string; delivery: Row; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const fields = fieldsOf(webhookAttempts);
  const question = { sort: "-created_at", "filter[delivery_id]": delivery.id };
  const list = useList(webhookAttempts, question, { by: "webhook_id", id: webhook });
  const title = t("webhooks.attemptsOf", { type: String(delivery.event_type) });
  return (
    <Modal open width={760} title={title} footer={null} onCancel={onClose}>
      <Fetched of={list} />
      {list.isSuccess && list.rows.length === 0 && <p className="nothing">{t("empty.webhook-attempts")}</p>}
      <SmallTable
        label={title}
        columns={columnsOf(webhookAttempts, words)}
        rows={list.rows}
        cell={(row, name) => <Value name={name} fields={fields} row={row} inLine />}
      />
    </Modal>
  );
}
