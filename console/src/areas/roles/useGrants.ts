import { useMutation } from "@tanstack/react-query";
import { App } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, type Row } from "../../api/call";
import { Problem } from "../../api/problem";
import { isSame, usePerform } from "../../resources/deeds";
import type { Grants } from "../../resources/permissions/catalogue";
import { rebased } from "../../resources/permissions/changes";
import { useRefresh } from "../../resources/queries";
import { useRefusal } from "../../resources/refusals";
import type { Resource } from "../../resources/registry";
import { useDraft } from "../../resources/useDraft";

/** What somebody makes of some permissions, on top of which version, and what somebody else made of it meanwhile. */
type Work = { began: Grants; version: number; mine: Grants; before?: Grants };

/** The changing of what a record allows whoever has it: kept in the tab until it is saved, and laid on top of what others save first. */
export function useGrants(resource: Resource, row: Row) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const perform = usePerform();
  const stored = useDraft(`grants.${row.id}`);
  const [draft] = useState(stored.read);
  const [work, setWork] = useState<Work | undefined>(draft.values.work as Work | undefined);
  const [refusal, setRefusal] = useState<string>();
  const latest = useRef(work);
  const become = (next?: Work) => {
    latest.current = next;
    setWork(next);
    if (next) stored.keep({ ...draft, values: { work: next } });
    else stored.drop();
  };
  const whyOf = useRefusal();
  const save = useMutation({
    mutationFn: ({ mine, version }: Work) =>
      perform(resource.update!, { path: row.id, version, body: { permissions: mine } }),
    onSuccess: (saved, { mine }) => {
      message.success(t("permissions.saved"));
      const after = saved.permissions as Grants;
      const since = latest.current && rebased(mine, latest.current.mine, after);
      // What was changed while it was being saved is not saved yet.
      if (!since || isSame(since, after)) become();
      else become({ began: after, version: saved.version!, mine: since });
      void refresh(resource, saved);
    },
    onError: async (error, { began, mine: sent }) => {
      if (!(error instanceof Problem && error.status === 412)) return setRefusal(whyOf(error));
      const theirs = await call(resource.get!, { path: row.id }).catch((failure) => setRefusal(whyOf(failure)));
      if (!theirs) return;
      const after = theirs.permissions as Grants;
      const mine = latest.current?.mine ?? sent;
      become({ began: after, version: theirs.version!, mine: rebased(began, mine, after), before: began });
      void refresh(resource, theirs);
    },
  });
  return {
    work,
    refusal,
    saving: save.isPending,
    begin: () => become({ began: row.permissions as Grants, version: row.version!, mine: row.permissions as Grants }),
    change: (mine: Grants) => work && become({ ...work, mine }),
    leave: () => {
      setRefusal(undefined);
      become();
    },
    save: () => {
      setRefusal(undefined);
      if (work && !save.isPending) save.mutate(work);
    },
  };
}
