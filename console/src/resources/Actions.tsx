import { MoreOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { App, Button, Dropdown } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { bodyOf } from "../api/bodies";
import { call, type Row } from "../api/call";
import { useMay } from "../api/permissions";
import { Problem } from "../api/problem";
import { ActionDialog } from "./ActionDialog";
import { useOffers } from "./offers";
import { ON_ITS_WAY, useRefresh } from "./queries";
import type { Action, Resource } from "./registry";

/** What may be done with a record now: the most usual things as buttons, the rest in a menu. */
export function Actions({ resource, row }: { resource: Resource; row: Row }) {
  const { t } = useTranslation();
  const may = useMay();
  const { modal } = App.useApp();
  const [asking, setAsking] = useState<Action>();
  const done = useDone(resource, row);
  const deed = useDeed(row, done);
  const removal: Action[] = resource.remove ? [{ operation: resource.remove, danger: true }] : [];
  const open = [...(resource.actions ?? []), ...removal].filter(({ operation }) => may(row, operation));
  const begin = (action: Action) => {
    if (Object.keys(bodyOf(action.operation)).length > 0) return setAsking(action);
    if (!action.danger) return deed.mutate(action);
    const title = t("record.sure", { action: t(`action.${action.operation}`) });
    modal.confirm({
      title,
      okButtonProps: { danger: true },
      onOk: () => deed.mutateAsync(action).catch(() => undefined),
    });
  };
  useOffers(open.map((action) => ({ name: t(`action.${action.operation}`), run: () => begin(action) })));
  const first = open.filter((action) => action.primary).slice(0, 2);
  const rest = open.filter((action) => !first.includes(action));
  return (
    <div className="actions">
      {first.map((action, index) => (
        <Button
          key={action.operation}
          type={index === 0 ? "primary" : "default"}
          loading={deed.isPending && deed.variables === action}
          onClick={() => begin(action)}
        >
          {t(`action.${action.operation}`)}
        </Button>
      ))}
      {rest.length > 0 && (
        <Dropdown
          autoFocus
          trigger={["click"]}
          menu={{
            items: rest.map((action) => ({
              key: action.operation,
              danger: action.danger,
              label: t(`action.${action.operation}`),
              onClick: () => begin(action),
            })),
          }}
        >
          <Button icon={<MoreOutlined />} aria-label={t("record.more")} />
        </Dropdown>
      )}
      {asking && (
        <ActionDialog
          action={asking}
          row={row}
          onClose={() => setAsking(undefined)}
          onDone={(answer) => {
            setAsking(undefined);
            done(asking, answer);
          }}
        />
      )}
    </div>
  );
}

export function useDeed(row: Row, done: (action: Action, answer: Row) => void) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ operation }: Action) => call(operation, { path: row.id, version: row.version }),
    onSuccess: (answer, action) => done(action, answer),
    onError: (error) => {
      const problem = error instanceof Problem ? error : new Problem(0, {});
      message.error(problem.status === 412 ? t("record.stale") : problem.message || t("form.unreachable"));
      void refresh();
    },
  });
}

export function useDone(resource: Resource, row: Row) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const refresh = useRefresh();
  return (action: Action, answer?: Row) => {
    message.success(t("record.done", { action: t(`action.${action.operation}`) }));
    const next = action.operation === resource.remove ? `/${resource.name}` : answer && action.leads?.(answer);
    if (next) navigate(next, { state: ON_ITS_WAY });
    void refresh(resource, answer?.id === row.id && "version" in answer ? answer : undefined);
  };
}
