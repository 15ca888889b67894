import { Form, Modal, TreeSelect } from "antd";
import { type ComponentRef, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { titleOf } from "../../resources/registry";
import { departments } from "../admin";
import { mayMove, type Node, nested } from "./tree";

/** Stands for the top of the tree, which has no id. */
const TOP = "top";

/** Moves it below another one, or to the top; says whether that was done. */
export type MoveIt = (to: string | undefined) => Promise<boolean>;
type Props = { rows: Row[]; row: Row; onMove: MoveIt; onClose: () => void };

/** The other way to move a department: with the keyboard, or where a finger scrolls. */
export default function MoveTo({ rows, row, onMove, onClose }: Props) {
  const { t } = useTranslation();
  const [to, setTo] = useState<string>();
  const [moving, setMoving] = useState(false);
  const field = useRef<ComponentRef<typeof TreeSelect>>(null);
  const choice = (node: Node): object => ({
    value: node.key,
    title: node.title,
    disabled: !mayMove(rows, row.id, node.key),
    children: node.children.map(choice),
  });
  const move = async () => {
    setMoving(true);
    // What was refused says why, and another place may do.
    if (await onMove(to === TOP ? undefined : to)) onClose();
    else setMoving(false);
  };
  const top = { value: TOP, title: t("departments.top"), disabled: !mayMove(rows, row.id, undefined) };
  return (
    <Modal
      open
      title={t("departments.move", { name: titleOf(departments, row) })}
      okText={t("departments.moveHere")}
      okButtonProps={{ disabled: !to }}
      // The dialog takes the focus for itself while it opens.
      afterOpenChange={(open) => open && field.current?.focus()}
      onCancel={onClose}
      confirmLoading={moving}
      onOk={() => void move()}
    >
      <Form layout="vertical">
        <Form.Item label={t("departments.to")} htmlFor="move-to">
          <TreeSelect
            id="move-to"
            ref={field}
            showSearch={{ treeNodeFilterProp: "title" }}
            value={to}
            onChange={setTo}
            treeDefaultExpandAll={rows.length < 200}
            treeData={[top, ...nested(rows).map(choice)]}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
