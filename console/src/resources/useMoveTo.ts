import { useMutation } from "@tanstack/react-query";
import { App } from "antd";
import { useTranslation } from "react-i18next";
import { call, type Row } from "../api/call";
import { Problem } from "../api/problem";
import { useRefresh } from "./queries";
import type { Resource } from "./registry";

/** Moves a record to another stage of its way. */
export function useMoveTo(resource: Resource, row: Row) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const { field, by } = resource.stages!;
  return useMutation({
    mutationFn: (stage: string) => call(by, { path: row.id, version: row.version, body: { [field]: stage } }),
    onSuccess: (saved) => refresh(resource, saved),
    onError: (error) => {
      const problem = error instanceof Problem ? error : new Problem(0, {});
      message.error(problem.status === 412 ? t("record.stale") : problem.message || t("form.unreachable"));
      void refresh();
    },
  });
}
