import { useMutation } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import type { Tree } from "../../resources/conditions/tree";
import { usePerform } from "../../resources/deeds";
import { useRefresh } from "../../resources/queries";
import { useRefusal } from "../../resources/refusals";
import { roles } from "../admin";

type Limits = Record<string, Tree>;
type Put = { limits: Limits; done?: () => void };

/** The limits of a role, and the changing of one of them: it holds as soon as it is saved. */
export function useLimits(row: Row) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const perform = usePerform();
  const whyOf = useRefusal();
  const [refusal, setRefusal] = useState<string>();
  const limits = (row.limits ?? {}) as Limits;
  const save = useMutation({
    mutationFn: ({ limits }: Put) => perform(roles.update!, { path: row.id, version: row.version, body: { limits } }),
    onSuccess: (saved, { done }) => {
      message.success(t("permissions.limits.saved"));
      done?.();
      void refresh(roles, saved);
    },
    onError: (error, { done }) => {
      setRefusal(whyOf(error));
      done?.();
    },
  });
  return {
    limits,
    refusal,
    saving: save.isPending,
    /** Sets the limit of a permission, or takes it away. */
    put: (permission: string, where: Tree | undefined, done?: () => void) => {
      setRefusal(undefined);
      const { [permission]: _, ...rest } = limits;
      if (!save.isPending) save.mutate({ limits: where ? { ...rest, [permission]: where } : rest, done });
    },
  };
}
