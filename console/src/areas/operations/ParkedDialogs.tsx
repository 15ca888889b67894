import { useQuery } from "@tanstack/react-query";
import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { call } from "../../api/call";
import { Fetched } from "../../resources/Failure";
import { OperationForm } from "../../resources/OperationForm";
import { useRefresh } from "../../resources/queries";
import { Waiting } from "../../resources/Waiting";
import type { Failed } from "./failed";
import { Json } from "./Json";

type Props = { event: Failed; onClose: () => void };
const pathOf = ({ service, event_id }: Failed) => ({ service, event_id });

/** What came, and with which error it was given up. */
export function Payload({ event, onClose }: Props) {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ["bus", "payload", event.service, event.event_id],
    queryFn: ({ signal }) => call("get_parked_event", { path: pathOf(event), signal }),
  });
  return (
    <Modal open width={760} title={String(event.type)} footer={null} onCancel={onClose}>
      <p>{String(event.error)}</p>
      <Fetched of={found} />
      {found.isLoading && <Waiting />}
      {found.data && <Json label={t("operations.payload")} value={found.data.body} />}
    </Modal>
  );
}

/** Giving an event up needs a reason, which stays with it. */
export function Discarding({ event, onClose }: Props) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  return (
    <Modal open title={t("operations.discardOne", { type: String(event.type) })} footer={null} onCancel={onClose}>
      <OperationForm
        operation="discard_parked_event"
        draft={`discard.${event.event_id}`}
        path={pathOf(event)}
        submit={t("operations.discard")}
        onDone={(_answer, isShown) => {
          void refresh();
          if (isShown) onClose();
        }}
      />
    </Modal>
  );
}
