import { Drawer } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Row } from "../api/call";
import { Facts } from "./Facts";
import { type Resource, recordPath, titleOf } from "./registry";

type Props = { resource: Resource; row: Row; onShow: (row?: Row) => void };

/** A record beside its list, which stays usable; the keys of the list go to its neighbours. */
export default function Preview({ resource, row, onShow }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer
      open
      mask={false}
      size={560}
      rootClassName="preview"
      onClose={() => onShow()}
      title={
        <span aria-live="polite">
          <Link to={recordPath(resource, row.id)}>{titleOf(resource, row)}</Link>
        </span>
      }
      footer={<small>{t("list.keys")}</small>}
    >
      <Facts resource={resource} row={row} readOnly />
    </Drawer>
  );
}
