import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../api/call";
import type { Field, Fields } from "../api/meta";
import { withTexts } from "../i18n";
import { browserOf } from "./browsers";
import { useChoices } from "./choices";
import type { Tree } from "./conditions/tree";
import { fullMoment } from "./days";
import { moment, money } from "./format";
import { kindOf } from "./kinds";
import { lazily } from "./lazily";
import { Parts } from "./Parts";
import { Reference, References } from "./references";
import type { Tone } from "./registry";
import { SubjectStepLabel } from "./subjects";
import { TermLabel } from "./terms";
import { useWords } from "./words";

const ConditionText = lazily(withTexts("conditions", () => import("./conditions/ConditionText")));
const Granted = lazily(withTexts("permissions", () => import("./permissions/Granted")));

type Shown = { name: string; fields: Fields; row: Row; tones?: Record<string, Tone>; inLine?: boolean };

/** One field of a record as people read it. */
export function Value({ name, fields, row, tones, inLine }: Shown) {
  const { t, i18n } = useTranslation();
  const words = useWords();
  const choices = useChoices(name);
  const field: Field = fields[name] ?? {};
  const value = row[name];
  if (value == null || value === "" || (Array.isArray(value) && value.length === 0))
    return <span className="nothing">—</span>;
  const text = String(value);
  const part = choices?.find((choice) => choice.value === text);
  if (part) return part.label;
  switch (kindOf(name, field, fields)) {
    case "reference":
      return <Reference field={field} id={text} known={knownName(name, row)} />;
    case "references":
      return <References field={field.items!} values={value as string[]} />;
    case "choice":
      return <span className={`tag ${tones?.[text] ?? "default"}`}>{words.value(text, field)}</span>;
    case "choices":
      return (value as string[]).map((each) => (
        <span key={each} className="tag default">
          {words.value(each, field.items)}
        </span>
      ));
    case "term":
      return <TermLabel dictionary={field.dictionary!} code={text} />;
    case "step":
      return <SubjectStepLabel of={row.subject_type} step={text} />;
    case "moment":
      return (
        <time dateTime={text} title={fullMoment(text)}>
          {moment(text, i18n.language, t("justNow"))}
        </time>
      );
    case "flag":
      return t(value ? "yes" : "no");
    case "money":
      return <span className="figure">{money(text, currencyOf(row), i18n.language)}</span>;
    case "texts":
      return (value as unknown[]).join(", ");
    case "parts":
      return inLine ? (
        (value as unknown[]).length
      ) : (
        <Parts name={name} field={field} rows={value as Row[]} currency={currencyOf(row)} />
      );
    case "grants":
      return (
        <Suspense>
          <Granted value={value as Record<string, string>} inLine={inLine} />
        </Suspense>
      );
    case "conditions":
      return (
        <Suspense>
          <ConditionText value={value as Tree} row={row} />
        </Suspense>
      );
    case "part":
      return <Parts name={name} field={{ ...field, items: field }} rows={[value as Row]} currency={currencyOf(row)} />;
    case "phone":
      return (
        <a href={`tel:${row[`${name}_e164`] ?? text}`} onClick={(event) => event.stopPropagation()}>
          {text}
        </a>
      );
    case "email":
      return (
        <a href={`mailto:${text}`} onClick={(event) => event.stopPropagation()}>
          {text}
        </a>
      );
    case "browser":
      return <span title={text}>{browserOf(text)}</span>;
    case "paragraph":
      return inLine ? text : <p className="paragraph">{text}</p>;
    default:
      return text;
  }
}

/** Some answers carry the name beside the id. */
function knownName(name: string, row: Row) {
  const beside = row[name.replace(/_id$/, "_name")];
  return name.endsWith("_id") && typeof beside === "string" ? beside : undefined;
}

const currencyOf = (row: Row) => (typeof row.currency === "string" ? row.currency : undefined);
