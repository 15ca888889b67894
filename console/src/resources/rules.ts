import type { FormRule } from "antd";
import { useTranslation } from "react-i18next";
import type { Field } from "../api/meta";
import type { Kind } from "./kinds";
import { isDay, isFar, isId, isMoment, YEARS } from "./reading";

/** The name of the sentence that says what is wrong with a value, and what it says further; nothing where it is right. */
export type Fault = [name: string, more?: Record<string, unknown>];

function faultOfNumber(value: unknown, { minimum = -Infinity, maximum = Infinity }: Field): Fault | undefined {
  if (typeof value !== "number") return ["whole"];
  if (value < minimum) return ["atLeast", { minimum }];
  return value > maximum ? ["atMost", { maximum }] : undefined;
}

function faultOfDay(kind: "day" | "moment", value: unknown): Fault | undefined {
  if (kind === "day" ? isDay(value) : isMoment(value)) return undefined;
  return isFar(value) ? ["year", YEARS] : [kind];
}

const NUMBER = /^-?(\d+)(?:\.(\d+))?$/;
const digitsOf = (pattern: string, part: RegExp) => Number(part.exec(pattern)?.[1] ?? Infinity);

/**
 * How fine an amount may be, where it is of two digits as nearly all money is: of other currencies a browser's table and
 * ISO 4217 do not always say the same, and the server knows.
 */
function finenessOf(currency = "") {
  if (!/^[A-Z]{3}$/.test(currency)) return Infinity;
  const { maximumFractionDigits: digits } = new Intl.NumberFormat("en", {
    style: "currency",
    currency,
  }).resolvedOptions();
  return digits === 2 ? 2 : Infinity;
}

/** The pattern of an amount says its sign, its digits, and whether it may be nothing. */
function faultOfAmount(value: string, pattern: string, currency?: string): Fault | undefined {
  const [number, whole = "", part = ""] = NUMBER.exec(value) ?? [];
  if (number === undefined) return ["amount"];
  const isMore = pattern.includes("(?=.*[1-9])");
  if (isMore && (number.startsWith("-") || Number(number) === 0)) return ["moreThan", { minimum: 0 }];
  if (number.startsWith("-") && !pattern.startsWith("^-?")) return ["atLeast", { minimum: 0 }];
  const written = digitsOf(pattern, /\\\.\[0-9\]\{1,(\d+)\}/);
  const paid = finenessOf(currency);
  if (part.length > written || part.replace(/0+$/, "").length > paid)
    return ["tooFine", { count: Math.min(written, paid) }];
  const longest = digitsOf(pattern, /\[0-9\]\{1,(\d+)\}\(/);
  if (whole.length > longest) return ["tooGreat", { count: longest }];
  return new RegExp(pattern).test(value) ? undefined : ["amount"];
}

/** What the contract has against a value of a field; `currency` is what an amount is in. */
export function faultOf(kind: Kind, field: Field, value: unknown, currency?: string): Fault | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (kind === "reference") return field.format !== "uuid" || isId(value) ? undefined : ["chosen", { typed: value }];
  if (kind === "day" || kind === "moment") return faultOfDay(kind, value);
  if (kind === "integer") return faultOfNumber(value, field);
  if (kind === "money" || kind === "decimal") return faultOfAmount(String(value), field.pattern ?? "", currency);
  const length = typeof value === "string" ? [...value.trim()].length : 0;
  return length > (field.maxLength ?? Infinity) ? ["tooLong", { count: field.maxLength, length }] : undefined;
}

/** What is typed is whole when one leaves it; that a text is too long one is told as soon as it is. */
export const checkedOn = (kind: Kind) =>
  ["day", "moment", "integer", "money", "decimal"].includes(kind) ? "onBlur" : "onChange";

/** What an amount is in: its own part of a form says so, or else what is around it. */
function currencyAround(rule: object, { money }: Field, answered: (at: string[]) => unknown) {
  const at = "field" in rule ? String(rule.field).split(".").slice(0, -1) : [];
  const around = typeof money === "string" ? at.map((_, inner) => at.slice(0, at.length - inner)) : [];
  const [found] = [...around, []].map((place) => answered([...place, String(money)])).filter(Boolean);
  return found as string | undefined;
}

/** The rules that the contract knows for a field of a form; the server has more of them. */
export function useRules(kind: Kind, field: Field, label: string): FormRule[] {
  const { t } = useTranslation();
  const fits: FormRule = ({ getFieldValue }) => ({
    validator: async (rule, value) => {
      const [name, more] = faultOf(kind, field, value, currencyAround(rule, field, getFieldValue)) ?? [];
      if (name) throw new Error(t(`form.${name}`, { label, ...more }));
    },
  });
  const message = t("form.required", { label });
  // Only of a text: with this word a rule takes every value for one, and refuses lists.
  const required = { required: true, message, ...(kind === "text" && { whitespace: true }) };
  return field.required && kind !== "flag" ? [required, fits] : [fits];
}
