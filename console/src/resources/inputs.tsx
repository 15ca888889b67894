import { Input, Select, type SelectProps, Switch } from "antd";
import { Suspense } from "react";
import type { Field } from "../api/meta";
import { withTexts } from "../i18n";
import { useClear } from "./Clear";
import { DateInput } from "./DateInput";
import type { Kind } from "./kinds";
import { lazily } from "./lazily";
import { ReadInput } from "./ReadInput";
import { ReferenceSelect } from "./ReferenceSelect";
import { readNumber, readPhone, readWhole } from "./reading";
import { referred, referredBy } from "./registry";
import { SubjectStepInput } from "./SubjectStepInput";
import { TermSelect } from "./terms";
import { isWide } from "./useWide";
import { useWords } from "./words";

const WhereInput = lazily(withTexts("conditions", () => import("./conditions/WhereInput")));
const MatrixInput = lazily(withTexts("permissions", () => import("./permissions/MatrixInput")));

type Props = {
  kind: Kind;
  field: Field;
  autoFocus?: boolean;
  placeholder?: string;
  choices?: { value: string; label: string }[];
};

const BY_LABEL = { optionFilterProp: "label" };
/** A choice, found by typing a part of it; a phone's keyboard would only lie above the few there are. */
function Choice(given: SelectProps) {
  return <Select {...given} showSearch={isWide() && BY_LABEL} />;
}

/**
 * The input for a field; the form around it hands it id, value and what to call on a change. It keeps all that is typed or
 * pasted: what is too long or cannot be read, the rules of the field refuse (rules.ts).
 */
export function FieldInput({ kind, field, autoFocus, placeholder, choices, ...given }: Props) {
  const words = useWords();
  const clear = useClear();
  const own = { ...given, autoFocus, placeholder };
  if (choices) return <Choice {...own} options={choices} />;
  switch (kind) {
    case "reference":
      return <ReferenceSelect {...given} autoFocus={autoFocus} resource={referred(field)!} by={referredBy(field)} />;
    case "references":
      return (
        <ReferenceSelect {...given} autoFocus={autoFocus} multiple resource={referred(field)!} by={referredBy(field)} />
      );
    case "choice":
      return (
        <Choice
          {...own}
          allowClear={field.nullable && clear}
          options={field.enum!.map((value) => ({ value, label: words.value(value, field) }))}
        />
      );
    case "choices":
      return (
        <Choice
          {...own}
          mode="multiple"
          options={field.items!.enum!.map((value) => ({ value, label: words.value(value, field.items) }))}
        />
      );
    case "term":
      return <TermSelect {...own} dictionary={field.dictionary!} />;
    case "grants":
      return (
        <Suspense>
          <MatrixInput {...given} forProgram={field.holder === "program"} />
        </Suspense>
      );
    case "conditions":
      return (
        <Suspense>
          <WhereInput {...given} />
        </Suspense>
      );
    case "step":
      return <SubjectStepInput {...own} />;
    case "texts":
      return <Select {...own} mode="tags" open={false} suffixIcon={null} />;
    case "day":
      return <DateInput {...own} />;
    case "moment":
      return <DateInput {...own} withTime />;
    case "flag":
      return <Switch {...given} autoFocus={autoFocus} />;
    case "integer":
      return <ReadInput {...own} read={readWhole} inputMode="numeric" />;
    case "money":
    case "decimal":
      return <ReadInput {...own} read={readNumber} inputMode="decimal" />;
    case "paragraph":
      return <Input.TextArea {...own} autoSize={{ minRows: placeholder ? 1 : 2, maxRows: 8 }} />;
    case "phone":
      return <ReadInput {...own} read={readPhone} type="tel" />;
    case "password":
      return <Input.Password {...own} autoComplete="new-password" />;
    case "email":
      return <Input {...own} inputMode="email" autoComplete="off" />;
    default:
      return <Input {...own} />;
  }
}
