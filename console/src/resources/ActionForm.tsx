import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import type { Row } from "../api/call";
import { useDay } from "./days";
import { LookAlikes } from "./LookAlikes";
import { OperationForm } from "./OperationForm";
import { recordIn, useRefresh } from "./queries";
import type { Action, Resource } from "./registry";
import { useDone } from "./useDone";

export type Asked = { resource: Resource; action: Action; row: Row; onClose: () => void };

/** The form of an operation on a record, in a window of its own. */
export default function ActionForm({ resource, action, row, onClose }: Asked) {
  const { t } = useTranslation();
  const { today } = useDay();
  const done = useDone(resource, row);
  const refresh = useRefresh();
  const alike = action.alike?.(row);
  const finish = (answer: Row, isShown: boolean) => {
    if (isShown) onClose();
    done(action.operation, answer);
    void refresh(resource, recordIn(answer, row.id));
  };
  return (
    // The second press of a double click falls beside the window that the first one has opened.
    <Modal open title={t(`action.${action.operation}`)} footer={null} mask={{ closable: false }} onCancel={onClose}>
      <OperationForm
        operation={action.operation}
        asks={action.asks}
        draft={`${action.operation}.${row.id}`}
        starts={action.starts?.(row, today)}
        path={row.id}
        version={row.version}
        focus={action.focus}
        intro={action.makes && <p>{t(`makes.${action.operation}`, action.makes(row))}</p>}
        submit={t(`action.${action.operation}`)}
        below={(_field, first) => first && alike && <LookAlikes {...alike} />}
        onDone={finish}
      />
    </Modal>
  );
}
