import { MoreOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { bodyOf } from "../api/bodies";
import type { Row } from "../api/call";
import { useAllowed, useMay } from "../api/permissions";
import { ActionDialog } from "./ActionDialog";
import { useOffers } from "./offers";
import type { Action, Resource } from "./registry";
import { type About, AccessDialog } from "./sharing/dialogs";
import { offeredOf } from "./sharing/offered";
import { KEYS, useHint } from "./shortcuts";
import { useConfirm } from "./useConfirm";
import { useDeed } from "./useDeed";
import { useDone } from "./useDone";

/** What may be asked about those who see a record: to share it, and who they are. */
function useAbout(resource: Resource, row: Row): About[] {
  const may = useMay();
  const allowed = useAllowed();
  const { shares, team, access } = offeredOf(resource);
  const gives = [shares, team].some((kept) => kept && may(row, kept.add));
  return [...(gives ? (["share"] as const) : []), ...(allowed(access) ? (["access"] as const) : [])];
}

/** What may be done with a record now: the most usual things as buttons, the rest in a menu. */
export function Actions({ resource, row }: { resource: Resource; row: Row }) {
  const { t } = useTranslation();
  const hint = useHint();
  const may = useMay();
  const confirm = useConfirm();
  const [asking, setAsking] = useState<Action>();
  const [about, setAbout] = useState<About>();
  const abouts = useAbout(resource, row);
  const done = useDone(resource, row);
  const deed = useDeed((answer, { operation }) => done(operation, answer), resource);
  const asked = ({ operation }: Action) => ({ operation, path: row.id, version: row.version });
  const removal: Action[] = resource.remove ? [{ operation: resource.remove, danger: true }] : [];
  const open = [...(resource.actions ?? []), ...removal].filter(({ operation }) => may(row, operation));
  const begin = (action: Action) => {
    if (Object.keys(bodyOf(action.operation)).length > 0) return setAsking(action);
    // The second press of a double click is the same deed.
    if (deed.isPending) return;
    if (!action.danger) return deed.mutate(asked(action));
    const title = t("record.sure", { action: t(`action.${action.operation}`) });
    confirm({ title, danger: true, onOk: () => deed.ask(asked(action)) });
  };
  const first = open.filter((action) => action.primary).slice(0, 2);
  const rest = open.filter((action) => !first.includes(action));
  const besides = abouts.map((name) => ({ key: name, label: t(`access.${name}`), onClick: () => setAbout(name) }));
  useOffers([
    ...[...first, ...rest].map((action) => ({ name: t(`action.${action.operation}`), run: () => begin(action) })),
    ...besides.map(({ label, onClick }) => ({ name: label, run: onClick })),
  ]);
  return (
    <div className="actions">
      {first.map((action, index) => (
        <Button
          key={action.operation}
          type={index === 0 ? "primary" : "default"}
          title={hint(KEYS.deeds)}
          loading={deed.isPending && deed.variables?.operation === action.operation}
          onClick={() => begin(action)}
        >
          {t(`action.${action.operation}`)}
        </Button>
      ))}
      {rest.length + besides.length > 0 && (
        <Dropdown
          autoFocus
          trigger={["click"]}
          menu={{
            items: [
              ...besides,
              ...rest.map((action) => ({
                key: action.operation,
                danger: action.danger,
                label: t(`action.${action.operation}`),
                onClick: () => begin(action),
              })),
            ],
          }}
        >
          <Button icon={<MoreOutlined />} aria-haspopup="menu" aria-label={t("record.more")} title={hint(KEYS.deeds)} />
        </Dropdown>
      )}
      {asking && <ActionDialog resource={resource} action={asking} row={row} onClose={() => setAsking(undefined)} />}
      {about && <AccessDialog about={about} resource={resource} row={row} onClose={() => setAbout(undefined)} />}
    </div>
  );
}
