import { App } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { Row } from "../api/call";
import type { OperationName } from "../api/meta";
import { ON_ITS_WAY } from "./queries";
import { listPath, type Resource } from "./registry";
import { useShown } from "./useShown";
import { useTold } from "./useTold";

/** Returns what is called when an operation on a record is done: it says so, and goes where that leads. */
export function useDone(resource: Resource, row: Row) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const tell = useTold();
  const isShown = useShown();
  const navigate = useNavigate();
  return (operation: OperationName, answer?: Row) => {
    const action = resource.actions?.find((each) => each.operation === operation);
    const next = operation === resource.remove ? listPath(resource, row) : answer && action?.leads?.(answer);
    const done = t(`done.${operation}`);
    const go = () => next && navigate(next, { state: ON_ITS_WAY });
    // Whoever has gone elsewhere by then is not led away from there.
    if (next && !isShown()) return tell(row.id, done, t("form.open"), go);
    message.success(done);
    go();
  };
}
