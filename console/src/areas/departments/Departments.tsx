import { PlusOutlined } from "@ant-design/icons";
import { Button, Empty, Input, type InputRef, Tree } from "antd";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { useAllowed } from "../../api/permissions";
import { useAddress, useNew } from "../../resources/address";
import { Clear } from "../../resources/Clear";
import { Fetched } from "../../resources/Failure";
import { NewRecord } from "../../resources/NewRecord";
import { useShortcut } from "../../resources/shortcuts";
import { Waiting } from "../../resources/Waiting";
import { departments } from "../admin";
import { Panel } from "./Panel";
import { found, mayMove, nested, targetOf } from "./tree";
import { useDepartments, useMove } from "./useDepartments";
import "./departments.css";

/** The departments of the house as a tree, and beside it the one that was chosen. */
export function Component() {
  const { t } = useTranslation();
  const allowed = useAllowed();
  const { values, set } = useAddress();
  const making = useNew();
  const [text, setText] = useState("");
  const field = useRef<InputRef>(null);
  const all = useDepartments();
  const move = useMove();
  const { rows = [], isCapped = false } = all.data ?? {};
  const chosen = rows.find((row) => row.id === values.department);
  const mayCreate = allowed("create_department");
  useShortcut("search", () => field.current?.focus());
  useShortcut("create", making.open, mayCreate);
  const create = mayCreate && (
    <Button type="primary" icon={<PlusOutlined />} onClick={making.open}>
      {t("new.departments")}
    </Button>
  );
  return (
    <>
      <div className="toolbar">
        <h1>{t("nav.departments")}</h1>
        <Input
          ref={field}
          type="search"
          className="search"
          aria-label={t("search.departments")}
          placeholder={t("search.departments")}
          allowClear={{ clearIcon: <Clear /> }}
          onChange={(event) => setText(event.target.value)}
        />
        <span className="grow" />
        <span aria-live="polite" className="total">
          {all.data && t(isCapped ? "departments.capped" : "list.total", { count: rows.length })}
        </span>
        {create}
      </div>
      <Fetched of={all} />
      {all.isLoading && <Waiting />}
      {all.data && rows.length === 0 && <Empty description={t("empty.departments")}>{create}</Empty>}
      {rows.length > 0 && (
        <div className="departments">
          <DepartmentTree
            rows={rows}
            text={text}
            chosen={chosen}
            onChoose={(department) => set({ department })}
            onMove={allowed("update_department") ? move : undefined}
          />
          {chosen ? (
            <Panel key={chosen.id} rows={rows} row={chosen} onMove={(to) => move(chosen, to)} />
          ) : (
            <p className="nothing">{t("departments.choose")}</p>
          )}
        </div>
      )}
      {making.isOpen && mayCreate && <NewRecord resource={departments} onClose={making.close} />}
    </>
  );
}

type TreeProps = {
  rows: Row[];
  text: string;
  chosen?: Row;
  onChoose: (id: string | undefined) => void;
  onMove?: (row: Row, to: string | undefined) => void;
};

/** So many are all unfolded at first. */
const FEW = 60;
/** From here on only what is seen is drawn. */
const MANY = 200;

function DepartmentTree({ rows, text, chosen, onChoose, onMove }: TreeProps) {
  const { t } = useTranslation();
  const tree = useMemo(() => found(nested(rows), text), [rows, text]);
  const above = (row?: Row) => ((row?.path as string[] | undefined) ?? []).slice(0, -1);
  const atFirst = () => [...(rows.length < FEW ? rows.map((row) => row.id) : tree.map((n) => n.key)), ...above(chosen)];
  const [unfolded, setUnfolded] = useState<string[]>(atFirst);
  if (tree.length === 0) return <p className="nothing">{t("list.noMatch")}</p>;
  return (
    <Tree
      blockNode
      aria-label={t("nav.departments")}
      rootClassName="department-tree"
      treeData={tree}
      titleRender={({ title, row }) => (
        <>
          {title} <span className="count">{t("departments.members", { count: Number(row.members) })}</span>
        </>
      )}
      virtual={rows.length > MANY}
      height={rows.length > MANY ? Math.max(300, window.innerHeight - 200) : undefined}
      expandedKeys={text.trim() ? rows.map((row) => row.id) : unfolded}
      onExpand={(keys) => setUnfolded(keys.map(String))}
      selectedKeys={chosen ? [chosen.id] : []}
      onSelect={([key]) => onChoose(key === undefined ? undefined : String(key))}
      draggable={onMove ? { icon: false } : false}
      allowDrop={({ dragNode, dropNode, dropPosition }) =>
        mayMove(rows, String(dragNode.key), targetOf(dropNode.row, dropPosition !== 0))
      }
      onDrop={({ dragNode, node, dropToGap }) => onMove?.(dragNode.row, targetOf(node.row, dropToGap))}
    />
  );
}
