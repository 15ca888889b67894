import { Drawer } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Row } from "../api/call";
import { Facts } from "./Facts";
import { type Resource, recordPath, titleOf } from "./registry";

type Props = { resource: Resource; rows: Row[]; row: Row; onShow: (row?: Row) => void };

/** A record beside its list, which stays usable; the arrow keys go to its neighbours. */
export default function Preview({ resource, rows, row, onShow }: Props) {
  const { t } = useTranslation();
  useEffect(() => {
    const step = (event: KeyboardEvent) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const typing = (event.target as HTMLElement).closest("input, textarea, select, [role=combobox], [role=menu]");
      if (!by || typing) return;
      const next = rows[rows.findIndex((each) => each.id === row.id) + by];
      if (!next) return;
      event.preventDefault();
      onShow(next);
    };
    window.addEventListener("keydown", step);
    return () => window.removeEventListener("keydown", step);
  }, [rows, row, onShow]);
  return (
    <Drawer
      open
      mask={false}
      size={560}
      onClose={() => onShow()}
      title={<Link to={recordPath(resource, row.id)}>{titleOf(resource, row)}</Link>}
      footer={<small>{t("list.keys")}</small>}
    >
      <Facts resource={resource} row={row} readOnly />
    </Drawer>
  );
}
