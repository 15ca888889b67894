import type { Field, Fields } from "../api/meta";
import { referred } from "./registry";

export type Kind =
  | "reference"
  | "references"
  | "choice"
  | "choices"
  | "term"
  | "moment"
  | "day"
  | "flag"
  | "integer"
  | "money"
  | "decimal"
  | "parts"
  | "texts"
  | "part"
  | "grants"
  | "conditions"
  | "step"
  | "paragraph"
  | "phone"
  | "password"
  | "email"
  | "browser"
  | "text";

const LONG = 500;

/** How a field is shown and asked for. What is not known is a text. */
export function kindOf(name: string, field: Field, fields: Fields): Kind {
  if (referred(field)) return field.type === "array" ? "references" : "reference";
  if (field.enum) return "choice";
  if (field.dictionary) return "term";
  if (field.format === "date-time") return "moment";
  if (field.format === "date") return "day";
  if (field.type === "boolean") return "flag";
  if (field.type === "integer") return "integer";
  if (field.type === "array") return field.items?.schema ? "parts" : field.items?.enum ? "choices" : "texts";
  if (field.values) return "grants";
  if (field.schema === "Condition" || name === "where") return "conditions";
  if (name === "subject_step") return "step";
  if (field.type === "object") return "part";
  if (field.money) return "money";
  if (field.pattern?.includes("[0-9]") && field.pattern.includes("\\.")) return "decimal";
  if (`${name}_e164` in fields || name === "mobile" || name.endsWith("phone")) return "phone";
  if (name.endsWith("password")) return "password";
  if (field.format?.endsWith("email")) return "email";
  if (name === "user_agent") return "browser";
  return (field.maxLength ?? 0) > LONG ? "paragraph" : "text";
}

/** Whether a form can ask for it: an object is asked for by the schema of its fields. */
export const isAsked = (kind: Kind, field: Field) => kind !== "part" || Boolean(field.schema);
