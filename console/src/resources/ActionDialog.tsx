import { Modal } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../api/call";
import { withTexts } from "../i18n";
import type { Action } from "./registry";

const ActionForm = lazy(withTexts("records", () => import("./ActionForm")));

type Props = { action: Action; row: Row; onClose: () => void; onDone: (answer: Row) => void };

/** What an operation on a record still has to know, asked in a window over it. */
export function ActionDialog({ action, row, onClose, onDone }: Props) {
  const { t } = useTranslation();
  return (
    <Modal open title={t(`action.${action.operation}`)} footer={null} onCancel={onClose}>
      <Suspense>
        <ActionForm action={action} row={row} onDone={onDone} />
      </Suspense>
    </Modal>
  );
}
