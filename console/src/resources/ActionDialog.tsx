import { Modal } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../api/call";
import { withTexts } from "../i18n";
import { recordIn, useRefresh } from "./queries";
import type { Action, Resource } from "./registry";
import { useDone } from "./useDone";

const ActionForm = lazy(withTexts("records", () => import("./ActionForm")));

type Props = { resource: Resource; action: Action; row: Row; onClose: () => void };

/** What an operation on a record still has to know, asked in a window over it. */
export function ActionDialog({ resource, action, row, onClose }: Props) {
  const { t } = useTranslation();
  const done = useDone(resource, row);
  const refresh = useRefresh();
  const finish = (answer: Row) => {
    onClose();
    done(action.operation, answer);
    void refresh(resource, recordIn(answer, row.id));
  };
  return (
    <Modal open title={t(`action.${action.operation}`)} footer={null} onCancel={onClose}>
      <Suspense>
        <ActionForm action={action} row={row} onDone={finish} />
      </Suspense>
    </Modal>
  );
}
