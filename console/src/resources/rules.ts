import type { FormRule } from "antd";
import { useTranslation } from "react-i18next";
import type { Field } from "../api/meta";
import type { Kind } from "./kinds";
import { isDay, isMoment } from "./reading";

/** The name of the sentence that says what is wrong with a value, and what it says further; nothing where it is right. */
export type Fault = [name: string, more?: Record<string, unknown>];

function faultOfNumber(value: unknown, { minimum = -Infinity, maximum = Infinity }: Field): Fault | undefined {
  if (typeof value !== "number") return ["whole"];
  if (value < minimum) return ["atLeast", { minimum }];
  return value > maximum ? ["atMost", { maximum }] : undefined;
}

/** What the contract has against a value of a field. */
export function faultOf(kind: Kind, field: Field, value: unknown): Fault | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (kind === "day") return isDay(value) ? undefined : ["day"];
  if (kind === "moment") return isMoment(value) ? undefined : ["moment"];
  if (kind === "integer") return faultOfNumber(value, field);
  if (kind === "money" || kind === "decimal")
    return new RegExp(field.pattern ?? "").test(String(value)) ? undefined : ["amount"];
  const length = typeof value === "string" ? [...value.trim()].length : 0;
  return length > (field.maxLength ?? Infinity) ? ["tooLong", { count: field.maxLength, length }] : undefined;
}

/** What is typed is whole when one leaves it; that a text is too long one is told as soon as it is. */
export const checkedOn = (kind: Kind) =>
  ["day", "moment", "integer", "money", "decimal"].includes(kind) ? "onBlur" : "onChange";

/** The rules that the contract knows for a field of a form; the server has more of them. */
export function useRules(kind: Kind, field: Field, label: string): FormRule[] {
  const { t } = useTranslation();
  const fits: FormRule = {
    validator: async (_rule, value) => {
      const [name, more] = faultOf(kind, field, value) ?? [];
      if (name) throw new Error(t(`form.${name}`, { label, ...more }));
    },
  };
  const message = t("form.required", { label });
  // Only of a text: with this word a rule takes every value for one, and refuses lists.
  const required = { required: true, message, ...(kind === "text" && { whitespace: true }) };
  return field.required && kind !== "flag" ? [required, fits] : [fits];
}
