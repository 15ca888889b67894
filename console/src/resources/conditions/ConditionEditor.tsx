import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { operatorLabels } from "../../api/conditions";
import { said } from "../words";
import { ConditionValue } from "./ConditionValue";
import "./conditions.css";
import type { Offered } from "./offered";
import {
  type Group,
  groupOf,
  isGroup,
  newGroup,
  newRow,
  type Part,
  type Row,
  type Tree,
  treeOf,
  type Way,
} from "./tree";

const DEEPEST = 3;
const WAYS: Way[] = ["all", "any", "none"];

type Props = { offered: Offered[]; value?: Tree | null; onChange: (tree: Tree | undefined) => void };

/** Conditions in groups. What is not whole yet stands here, and is no part of what is handed on. */
export function ConditionEditor({ offered, value, onChange }: Props) {
  const [root, setRoot] = useState(() => groupOf(value ?? undefined));
  const change = (next: Group) => {
    setRoot(next);
    onChange(treeOf(next));
  };
  return <GroupEditor group={root} offered={offered} place="" depth={1} onChange={change} />;
}

type GroupProps = {
  group: Group;
  offered: Offered[];
  /** Where it stands, to be called by: `2.1`. */
  place: string;
  depth: number;
  onChange: (group: Group) => void;
  onRemove?: () => void;
};

function GroupEditor({ group, offered, place, depth, onChange, onRemove }: GroupProps) {
  const { t } = useTranslation();
  const put = (parts: Part[]) => onChange({ ...group, parts });
  const replace = (part: Part) => put(group.parts.map((each) => (each.key === part.key ? part : each)));
  const remove = (key: number) => put(group.parts.filter((each) => each.key !== key));
  const called = t("conditions.group", { place });
  return (
    <fieldset className="conditions" aria-label={called}>
      <div className="head">
        <Select
          aria-label={`${called} ${t("conditions.way")}`}
          value={group.way}
          options={WAYS.map((way) => ({ value: way, label: t(`conditions.${way}`) }))}
          onChange={(way) => onChange({ ...group, way })}
        />
        {onRemove && <Remove label={t("conditions.removeGroup", { place })} onRemove={onRemove} />}
      </div>
      {group.parts.map((part, index) => {
        const at = [place, index + 1].filter(Boolean).join(".");
        const own = { key: part.key, offered, place: at, onRemove: () => remove(part.key) };
        return isGroup(part) ? (
          <GroupEditor {...own} key={part.key} group={part} depth={depth + 1} onChange={replace} />
        ) : (
          <RowEditor {...own} key={part.key} row={part} onChange={replace} />
        );
      })}
      <div className="more">
        <Button type="dashed" icon={<PlusOutlined />} onClick={() => put([...group.parts, newRow()])}>
          {t("conditions.add")}
        </Button>
        {depth < DEEPEST && (
          <Button type="dashed" onClick={() => put([...group.parts, newGroup("any", [newRow()])])}>
            {t("conditions.addGroup")}
          </Button>
        )}
      </div>
    </fieldset>
  );
}

type RowProps = {
  row: Row;
  offered: Offered[];
  place: string;
  onChange: (row: Row) => void;
  onRemove: () => void;
};

const BY_LABEL = { optionFilterProp: "label" };

/** Which values of two comparisons are alike, so that one who chooses another keeps what was said. */
function shapeOf(operator = "") {
  if (operator === "in" || operator === "not_in") return "list";
  if (operator.startsWith("within_")) return "days";
  return ["within", "before", "after"].includes(operator) ? "period" : operator === "empty" ? "flag" : "one";
}

function RowEditor({ row, offered, place, onChange, onRemove }: RowProps) {
  const { t, i18n } = useTranslation();
  const gone = useId();
  const of = offered.find((each) => each.name === row.field);
  const isGone = row.field !== undefined && !of;
  const called = (what: string) => t(`conditions.${what}`, { place });
  const chooseField = (name: string) => {
    const [first] = offered.find((each) => each.name === name)!.term.operators;
    onChange({ key: row.key, field: name, operator: first });
  };
  const chooseOperator = (operator: string) => {
    const isAlike = shapeOf(operator) === shapeOf(row.operator);
    onChange({ ...row, operator, value: isAlike ? row.value : operator === "empty" ? true : undefined });
  };
  return (
    <div className="condition">
      <Select
        aria-label={called("field")}
        placeholder={called("field")}
        aria-describedby={isGone ? gone : undefined}
        status={isGone ? "error" : undefined}
        showSearch={BY_LABEL}
        value={row.field}
        options={offered.map(({ name, label }) => ({ value: name, label }))}
        onChange={chooseField}
      />
      {of && (
        <Select
          aria-label={called("operator")}
          value={row.operator}
          options={of.term.operators.map((operator) => ({
            value: operator,
            label: said(i18n.language, operatorLabels[operator], operator),
          }))}
          onChange={chooseOperator}
        />
      )}
      {of && row.operator && (
        <div className="value">
          <ConditionValue
            // Another comparison begins with an input of its own.
            key={`${row.field} ${shapeOf(row.operator)}`}
            of={of}
            operator={row.operator}
            value={row.value}
            label={called("value")}
            onChange={(value) => onChange({ ...row, value })}
          />
        </div>
      )}
      <Remove label={called("remove")} onRemove={onRemove} />
      {isGone && (
        <p id={gone} className="gone">
          {t("conditions.gone")}
        </p>
      )}
    </div>
  );
}

function Remove({ label, onRemove }: { label: string; onRemove: () => void }) {
  return <Button type="text" icon={<DeleteOutlined />} aria-label={label} onClick={onRemove} />;
}
