import { useTranslation } from "react-i18next";
import type { Row } from "../api/call";
import { useDay } from "./days";
import { LookAlikes } from "./LookAlikes";
import { OperationForm } from "./OperationForm";
import type { Action } from "./registry";

/** The form of an operation on a record. */
export default function ActionForm({
  action,
  row,
  onDone,
}: {
  action: Action;
  row: Row;
  onDone: (answer: Row) => void;
}) {
  const { t } = useTranslation();
  const { today } = useDay();
  const alike = action.alike?.(row);
  return (
    <OperationForm
      operation={action.operation}
      asks={action.asks}
      draft={`${action.operation}.${row.id}`}
      starts={action.starts?.(row, today)}
      path={row.id}
      version={row.version}
      submit={t(`action.${action.operation}`)}
      onDone={onDone}
    >
      {action.makes && <p>{t(`makes.${action.operation}`, action.makes(row))}</p>}
      {alike && <LookAlikes {...alike} />}
    </OperationForm>
  );
}
