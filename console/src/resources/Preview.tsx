import { Drawer } from "antd";
import { useTranslation } from "react-i18next";
import type { Row } from "../api/call";
import { Facts } from "./Facts";
import { RecordLink } from "./RecordLink";
import { type Resource, titleOf } from "./registry";

type Props = { resource: Resource; row: Row; onShow: (row?: Row) => void };

/** A record beside its list, which stays usable; the keys of the list go to its neighbours. */
export default function Preview({ resource, row, onShow }: Props) {
  const { t } = useTranslation();
  return (
    <Drawer
      open
      mask={false}
      // Whoever goes through the list stays there.
      autoFocus={false}
      size={560}
      rootClassName="preview"
      onClose={() => onShow()}
      title={
        <span aria-live="polite">
          <RecordLink resource={resource} row={row}>
            {titleOf(resource, row)}
          </RecordLink>
        </span>
      }
      footer={<small>{t("list.keys")}</small>}
    >
      <Facts resource={resource} row={row} readOnly />
    </Drawer>
  );
}
