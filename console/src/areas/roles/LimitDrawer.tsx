import { Button, Drawer } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { ConditionEditor } from "../../resources/conditions/ConditionEditor";
import { useOffered } from "../../resources/conditions/offered";
import type { Tree } from "../../resources/conditions/tree";
import { useCalled } from "../../resources/permissions/catalogue";
import { useWide } from "../../resources/useWide";
import { termsOfLimit } from "./limits";

type Props = {
  row: Row;
  permission: string;
  value?: Tree;
  saving: boolean;
  onSave: (where: Tree) => void;
  onClose: () => void;
};

/** The kinds of records that a permission of a role is held for. */
export function LimitDrawer({ row, permission, value, saving, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const wide = useWide();
  const { whole } = useCalled();
  const offered = useOffered(termsOfLimit(permission) ?? {});
  const [tree, setTree] = useState(value);
  return (
    <Drawer
      open
      onClose={onClose}
      title={t("permissions.limits.of", { role: row.name, permission: whole(permission) })}
      placement={wide ? "right" : "bottom"}
      size={wide ? 640 : "90%"}
      footer={
        <div className="row">
          <Button onClick={onClose}>{t("form.cancel")}</Button>
          <Button type="primary" loading={saving} disabled={!tree} onClick={() => tree && onSave(tree)}>
            {t("permissions.limits.save")}
          </Button>
        </div>
      }
    >
      <ConditionEditor offered={offered} value={value} onChange={setTree} />
    </Drawer>
  );
}
