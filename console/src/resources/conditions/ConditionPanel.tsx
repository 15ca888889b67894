import { Button, Drawer } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { termsOf } from "../../api/conditions";
import { useAddress, useQuestion, WHERE } from "../address";
import { useCount } from "../queries";
import type { Resource } from "../registry";
import { useSettled } from "../useSettled";
import { useWide } from "../useWide";
import { ConditionEditor } from "./ConditionEditor";
import { useOffered } from "./offered";
import { readTree, type Tree } from "./tree";

const PAUSE_MS = 400;

/** The conditions of a list: how many records they mean is told while one is at it, and the address has them when one is done. */
export default function ConditionPanel({ resource, onClose }: { resource: Resource; onClose: () => void }) {
  const { t } = useTranslation();
  const wide = useWide();
  const { values, narrow } = useAddress();
  const offered = useOffered(termsOf(resource.list, resource.noun), resource);
  const [tree, setTree] = useState<Tree | undefined>(() => readTree(values[WHERE]));
  const written = tree ? JSON.stringify(tree) : "";
  const asked = useSettled(written, PAUSE_MS);
  const total = useCount(resource, useQuestion(resource, { ...values, [WHERE]: asked }));
  const apply = (where: string | undefined) => {
    narrow({ [WHERE]: where || undefined });
    onClose();
  };
  return (
    <Drawer
      open
      onClose={onClose}
      title={t("list.advanced")}
      placement={wide ? "right" : "bottom"}
      size={wide ? 640 : "90%"}
      footer={
        <div className="row">
          <span aria-live="polite" className="grow">
            {total !== undefined && t("list.total", { count: total })}
          </span>
          <Button onClick={() => apply(undefined)}>{t("conditions.clear")}</Button>
          <Button type="primary" onClick={() => apply(written)}>
            {t("conditions.apply")}
          </Button>
        </div>
      }
    >
      <ConditionEditor offered={offered} value={tree} onChange={setTree} />
    </Drawer>
  );
}
