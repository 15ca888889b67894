import { ArrowDownOutlined, ArrowUpOutlined } from "@ant-design/icons";
import { Button, Switch } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import type { Setting } from "../../api/fields";
import { SmallTable } from "../../resources/SmallTable";
import { useDeed } from "../../resources/useDeed";
import { said } from "../../resources/words";

type Props = { label: string; settings: Setting[]; may: boolean; onEdit?: (setting: Setting) => void };

/** Fields in their order, each with what is set of it. */
export function FieldTable({ label, settings, may, onEdit }: Props) {
  const { t, i18n } = useTranslation();
  const deed = useDeed();
  const change = ({ id, version }: Setting, body: object) =>
    deed.mutate({ operation: "update_field", path: id, version, body, done: t("fields.saved") });
  const nameOf = (of: Setting) => said(i18n.language, of.label, of.key);
  const cell = (row: Row, column: string): ReactNode => {
    const of = row as Setting;
    const named = (what: string) => t("fields.named", { what: t(`fields.${what}`), name: nameOf(of) });
    const place = settings.findIndex((each) => each.id === of.id);
    const turn = (what: "required" | "common" | "enabled" | "strict", fixed = false) => (
      <Switch
        size="small"
        aria-label={named(what)}
        checked={of[what]}
        disabled={!may || fixed || deed.isPending}
        onChange={(on) => change(of, { [what]: on })}
      />
    );
    switch (column) {
      case "name":
        return (
          <>
            {nameOf(of)} <span className="nothing">{of.key}</span>
          </>
        );
      case "type":
        return t(`fields.types.${of.type ?? "standard"}`);
      case "required":
        return turn("required", of.always);
      case "strict":
        return of.required ? turn("strict", of.always) : "—";
      case "common":
        return turn("common");
      case "enabled":
        return turn("enabled", of.always);
      default:
        return (
          <>
            <Button
              size="small"
              icon={<ArrowUpOutlined />}
              aria-label={named("up")}
              disabled={deed.isPending || place === 0}
              onClick={() => change(of, { position: settings[place - 1]!.position })}
            />{" "}
            <Button
              size="small"
              icon={<ArrowDownOutlined />}
              aria-label={named("down")}
              disabled={deed.isPending || place === settings.length - 1}
              onClick={() => change(of, { position: settings[place + 1]!.position })}
            />{" "}
            {onEdit && (
              <Button size="small" aria-label={named("edit")} onClick={() => onEdit(of)}>
                {t("fields.edit")}
              </Button>
            )}
          </>
        );
    }
  };
  const columns = ["name", "type", "required", "strict", "common", "enabled", ...(may ? ["deeds"] : [])];
  return (
    <SmallTable
      label={label}
      columns={columns.map((name) => ({ name, label: t(`fields.${name}`) }))}
      rows={settings}
      cell={cell}
    />
  );
}
