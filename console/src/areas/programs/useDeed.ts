import { useMutation } from "@tanstack/react-query";
import { App } from "antd";
import { useTranslation } from "react-i18next";
import { type Call, call, type Row } from "../../api/call";
import type { OperationName } from "../../api/meta";
import { Problem } from "../../api/problem";
import { useRefresh } from "../../resources/queries";

type Deed = { operation: OperationName; done: string } & Call;

/** One thing that a button of a page does: told when it is done, or why it was refused. */
export function useDeed(onDone?: (answer: Row) => void) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ operation, done: _, ...asked }: Deed) => call(operation, asked),
    onSuccess: (answer, { done }) => {
      message.success(done);
      onDone?.(answer);
      void refresh();
    },
    onError: (error) => {
      const problem = error instanceof Problem ? error : new Problem(0, {});
      message.error(problem.status === 412 ? t("record.stale") : problem.message || t("form.unreachable"));
      void refresh();
    },
  });
}
