import { DatePicker, Input, InputNumber, Select, Switch } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { lazy, Suspense } from "react";
import type { Field } from "../api/meta";
import { withTexts } from "../i18n";
import { inHouse, momentOf } from "./days";
import type { Kind } from "./kinds";
import { ReferenceSelect } from "./ReferenceSelect";
import { referred, referredBy } from "./registry";
import { useWords } from "./words";

const MatrixInput = lazy(withTexts("permissions", () => import("./permissions/MatrixInput")));

/** How the value of a field goes into its input and comes out: days and amounts stay the strings that the API has. */
export function wiring(kind: Kind) {
  if (kind === "flag") return { valuePropName: "checked" };
  if (kind === "day" || kind === "moment")
    return {
      getValueProps: (value?: string | null) => ({
        value: value ? (kind === "day" ? dayjs(value) : inHouse(value)) : null,
      }),
      normalize: (value: Dayjs | null) => value && (kind === "day" ? value.format("YYYY-MM-DD") : momentOf(value)),
    };
  if (kind === "money" || kind === "decimal")
    return { normalize: (value?: string) => value?.normalize("NFKC").replaceAll(/[,\s]/g, "") };
  return {};
}

type Props = {
  kind: Kind;
  field: Field;
  autoFocus?: boolean;
  placeholder?: string;
  choices?: { value: string; label: string }[];
};

/** The input for a field; the form around it hands it id, value and what to call on a change. */
export function FieldInput({ kind, field, autoFocus, placeholder, choices, ...given }: Props) {
  const words = useWords();
  const own = { ...given, autoFocus, placeholder };
  if (choices) return <Select {...own} options={choices} />;
  switch (kind) {
    case "reference":
      return <ReferenceSelect {...given} autoFocus={autoFocus} resource={referred(field)!} by={referredBy(field)} />;
    case "references":
      return (
        <ReferenceSelect {...given} autoFocus={autoFocus} multiple resource={referred(field)!} by={referredBy(field)} />
      );
    case "choice":
      return (
        <Select
          {...own}
          allowClear={field.nullable}
          options={field.enum!.map((value) => ({ value, label: words.value(value, field) }))}
        />
      );
    case "grants":
      return (
        <Suspense>
          <MatrixInput {...given} forProgram={field.holder === "program"} />
        </Suspense>
      );
    case "texts":
      return <Select {...own} mode="tags" open={false} suffixIcon={null} />;
    case "day":
      return <DatePicker {...own} className="wide" />;
    case "moment":
      return <DatePicker {...own} showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" className="wide" />;
    case "flag":
      return <Switch {...given} autoFocus={autoFocus} />;
    case "integer":
      return <InputNumber {...own} min={field.minimum} max={field.maximum} precision={0} className="wide" />;
    case "money":
    case "decimal":
      return <Input {...own} inputMode="decimal" />;
    case "paragraph":
      return (
        <Input.TextArea {...own} autoSize={{ minRows: placeholder ? 1 : 2, maxRows: 8 }} maxLength={field.maxLength} />
      );
    case "phone":
      return <Input {...own} type="tel" maxLength={field.maxLength} />;
    case "password":
      return <Input.Password {...own} autoComplete="new-password" maxLength={field.maxLength} />;
    case "email":
      return <Input {...own} inputMode="email" autoComplete="off" maxLength={field.maxLength} />;
    default:
      return <Input {...own} maxLength={field.maxLength} />;
  }
}
