import { Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { peopleLabels, periodLabels } from "../../api/conditions";
import { DateInput } from "../DateInput";
import { ReadInput } from "../ReadInput";
import { ReferenceSelect } from "../ReferenceSelect";
import { readNumber, readWhole } from "../reading";
import { referred, referredBy } from "../registry";
import { TermSelect } from "../terms";
import { said, useWords } from "../words";
import { isTerm, type Offered } from "./offered";

type Props = { of: Offered; operator: string; value: unknown; label: string; onChange: (value: unknown) => void };

const PERIODS = ["within", "before", "after"];
const MANY = ["in", "not_in"];

/** The value of a condition, asked for as its field and the comparison have it. */
export function ConditionValue(props: Props) {
  const { of, operator, value, label, onChange } = props;
  const given = { "aria-label": label, onChange };
  if (operator === "empty" || of.term.kind === "flag" || of.term.kind === "question") return <YesOrNo {...props} />;
  if (PERIODS.includes(operator)) return <Period {...props} />;
  if (operator.startsWith("within_"))
    return <ReadInput {...given} read={readWhole} inputMode="numeric" value={value as number} />;
  if (of.term.enum) return <Codes {...props} />;
  if (isTerm(of, operator)) return <Terms {...props} />;
  if (of.term.kind === "id") return <Record {...props} />;
  if (MANY.includes(operator)) return <Several {...props} />;
  switch (of.term.kind) {
    case "day":
      return <DateInput {...given} value={value as string} />;
    case "moment":
      return <DateInput {...given} withTime value={value as string} />;
    case "integer":
      return <ReadInput {...given} read={readWhole} inputMode="numeric" value={value as number} />;
    case "decimal":
      return <ReadInput {...given} read={readNumber} inputMode="decimal" value={value as string} />;
    default:
      return <Input aria-label={label} value={value as string} onChange={(event) => onChange(event.target.value)} />;
  }
}

function YesOrNo({ value, label, onChange }: Props) {
  const { t } = useTranslation();
  const options = [true, false].map((each) => ({ value: String(each), label: t(each ? "yes" : "no") }));
  return (
    <Select
      aria-label={label}
      value={value === undefined ? undefined : String(value)}
      options={options}
      onChange={(chosen) => onChange(chosen === "true")}
    />
  );
}

function Codes({ of, operator, value, label, onChange }: Props) {
  const words = useWords();
  const options = of.term.enum!.map((code) => ({ value: code, label: words.value(code, of.field) }));
  const mode = MANY.includes(operator) ? "multiple" : undefined;
  return <Select aria-label={label} mode={mode} value={value} options={options} onChange={onChange} />;
}

function Terms({ of, operator, value, label, onChange }: Props) {
  const given = { "aria-label": label, dictionary: of.field.dictionary!, onChange };
  if (MANY.includes(operator)) return <TermSelect {...given} many value={value as string[] | undefined} />;
  return <TermSelect {...given} value={value as string | undefined} />;
}

/** Records by their names; of people and departments also who is meant by a word. */
function Record({ of, operator, value, label, onChange }: Props) {
  const { i18n } = useTranslation();
  const besides = of.words.map((word) => ({ value: word, label: said(i18n.language, peopleLabels[word], word) }));
  const given = { "aria-label": label, besides, resource: referred(of.field)!, by: referredBy(of.field), onChange };
  if (MANY.includes(operator)) return <ReferenceSelect {...given} multiple value={(value as string[]) ?? []} />;
  return <ReferenceSelect {...given} value={value as string | undefined} />;
}

/** Texts and numbers, each ended by Enter or a comma. */
function Several({ of, value, label, onChange }: Props) {
  const read = { integer: readWhole, decimal: readNumber }[of.term.kind] ?? ((text: string) => text.trim());
  const take = (texts: string[]) => onChange(texts.map((text) => read(text)).filter((each) => each !== undefined));
  return (
    <Select
      aria-label={label}
      mode="tags"
      open={false}
      suffixIcon={null}
      tokenSeparators={[",", "，"]}
      value={((value as unknown[]) ?? []).map(String)}
      onChange={take}
    />
  );
}

const A_DAY = "day";
const UNITS = ["week", "month", "quarter", "year"];
/** Days first, then the longer the later. */
const lengthOf = (period: string) => UNITS.findIndex((unit) => period.endsWith(unit));
const PERIOD_NAMES = Object.keys(periodLabels).sort((one, other) => lengthOf(one) - lengthOf(other));

/** A period by its name, or a day. */
function Period({ value, label, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const named = PERIOD_NAMES.map((name) => ({
    value: name,
    label: said(i18n.language, periodLabels[name], name),
  }));
  const known = typeof value === "string" ? value : undefined;
  const isDay = known !== undefined && !(known in periodLabels);
  return (
    <>
      <Select
        aria-label={label}
        value={isDay ? A_DAY : known}
        options={[...named, { value: A_DAY, label: t("conditions.day") }]}
        showSearch={{ optionFilterProp: "label" }}
        onChange={(chosen: string) => onChange(chosen === A_DAY ? "" : chosen)}
      />
      {isDay && (
        <DateInput
          aria-label={`${label} ${t("conditions.day")}`}
          value={known || undefined}
          onChange={(day) => onChange(day ?? "")}
        />
      )}
    </>
  );
}
