import { useTranslation } from "react-i18next";
import { operatorLabels, peopleLabels, periodLabels } from "../../api/conditions";
import type { Field } from "../../api/meta";
import { dayOf, useDay } from "../days";
import { useName } from "../references";
import { referred, referredBy } from "../registry";
import { said, useWords } from "../words";
import "./conditions.css";
import { type Offered, useOffered } from "./offered";
import type { Condition, Tree } from "./tree";
import { type About, useTerms } from "./useTerms";

/** A tree of conditions as people read it. */
export default function ConditionText({ value, row }: { value: Tree; row: About }) {
  const offered = useOffered(useTerms(row) ?? {});
  return <Part tree={value} offered={offered} />;
}

function Part({ tree, offered }: { tree: Tree; offered: Offered[] }) {
  const { t } = useTranslation();
  if ("field" in tree) return <One condition={tree} offered={offered} />;
  const isNone = "not" in tree;
  const inner = "not" in tree ? tree.not : tree;
  const parts = "all" in inner ? inner.all : "any" in inner ? inner.any : [inner];
  return (
    <>
      {t(`conditions.${isNone ? "none" : "all" in tree ? "all" : "any"}`)}
      <ul className="conditions-text">
        {parts.map((part, index) => (
          <li key={index}>
            <Part tree={part} offered={offered} />
          </li>
        ))}
      </ul>
    </>
  );
}

function One({ condition, offered }: { condition: Condition; offered: Offered[] }) {
  const { i18n } = useTranslation();
  const of = offered.find(({ name }) => name === condition.field);
  const values = Array.isArray(condition.value) ? condition.value : [condition.value];
  return (
    <>
      {of?.label ?? condition.field} {said(i18n.language, operatorLabels[condition.operator], condition.operator)}{" "}
      {values.map((value, index) => (
        <span key={index}>
          {index > 0 && ", "}
          <ValueText value={value} of={of} />
        </span>
      ))}
    </>
  );
}

function ValueText({ value, of }: { value: unknown; of?: Offered }) {
  const { t, i18n } = useTranslation();
  const words = useWords();
  const { zone } = useDay();
  const text = String(value ?? "");
  const called = periodLabels[text] ?? peopleLabels[text];
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (called) return said(i18n.language, called, text);
  if (of?.term.kind === "id") return <Named field={of.field} id={text} />;
  if (of?.term.kind === "moment" && text.includes("T")) return dayOf(text, zone);
  return of?.term.enum ? words.value(text, of.field) : text;
}

function Named({ field, id }: { field: Field; id: string }) {
  return useName(referred(field)!, id, referredBy(field)) ?? "—";
}
