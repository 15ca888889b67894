import { useTranslation } from "react-i18next";
import { operatorLabels, peopleLabels, periodLabels } from "../../api/conditions";
import type { Field } from "../../api/meta";
import { dayOf, useDay } from "../days";
import { useName } from "../references";
import { referred, referredBy } from "../registry";
import { TermLabel } from "../terms";
import { said, useWords } from "../words";
import "./conditions.css";
import { isTerm, type Offered, useOffered } from "./offered";
import { isGroup, type Part, partOf, type Row, type Tree } from "./tree";
import { type About, useTerms } from "./useTerms";

/** A tree of conditions as people read it. */
export default function ConditionText({ value, row }: { value: Tree; row: About }) {
  const offered = useOffered(useTerms(row) ?? {});
  return <PartText part={partOf(value)} offered={offered} />;
}

function PartText({ part, offered }: { part: Part; offered: Offered[] }) {
  const { t } = useTranslation();
  if (!isGroup(part)) return <One condition={part} offered={offered} />;
  const isNot = part.way === "none" && part.parts.length === 1;
  return (
    <>
      {t(`conditions.${isNot ? "not" : part.way}`)}
      <ul className="conditions-text">
        {part.parts.map((each) => (
          <li key={each.key}>
            <PartText part={each} offered={offered} />
          </li>
        ))}
      </ul>
    </>
  );
}

function One({ condition, offered }: { condition: Row; offered: Offered[] }) {
  const { i18n } = useTranslation();
  const { field = "", operator = "" } = condition;
  const of = offered.find(({ name }) => name === field);
  const values = Array.isArray(condition.value) ? condition.value : [condition.value];
  return (
    <>
      {of?.label ?? field} {said(i18n.language, operatorLabels[operator], operator)}{" "}
      {values.map((value, index) => (
        <span key={index}>
          {index > 0 && ", "}
          <ValueText value={value} operator={operator} of={of} />
        </span>
      ))}
    </>
  );
}

function ValueText({ value, operator, of }: { value: unknown; operator: string; of?: Offered }) {
  const { t, i18n } = useTranslation();
  const words = useWords();
  const { zone } = useDay();
  const text = String(value ?? "");
  const called = periodLabels[text] ?? peopleLabels[text];
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (called) return said(i18n.language, called, text);
  if (of && isTerm(of, operator)) return <TermLabel dictionary={of.field.dictionary!} code={text} />;
  if (of?.term.kind === "id") return <Named field={of.field} id={text} />;
  if (of?.term.kind === "moment" && text.includes("T")) return dayOf(text, zone);
  return of?.term.enum ? words.value(text, of.field) : text;
}

function Named({ field, id }: { field: Field; id: string }) {
  return useName(referred(field)!, id, referredBy(field)) ?? "—";
}
