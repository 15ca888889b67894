import { useSyncExternalStore } from "react";
import type { Row } from "./call";
import type { Terms } from "./conditions";
import type { Field, Fields, Said } from "./meta";

export type Option = { code: string; label: Said; active: boolean };
/** A field as an administrator has set it: one of their own, or one that the noun has anyway (`standard`). */
export type Setting = Row & {
  noun: string;
  key: string;
  label: Said;
  type: string | null;
  options: Option[] | null;
  currency: string | null;
  reference: string | null;
  required: boolean;
  strict: boolean;
  common: boolean;
  indexed: boolean;
  enabled: boolean;
  standard: boolean;
  always: boolean;
  position: number;
  remark: string | null;
};

/** What the names of fields begin with that are set at run time: `custom.colour`. */
export const OWN = "custom.";
export const nameOf = ({ standard, key }: Setting) => (standard ? key : OWN + key);

/** The half of the contract that is only known at run time: by noun the settings of its fields, in their order. */
let known = new Map<string, Setting[]>();
const listeners = new Set<() => void>();

export function setSettings(all: Setting[]) {
  known = Map.groupBy(all, (each) => each.noun);
  for (const tell of listeners) tell();
}

const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => void listeners.delete(tell);
};

/** Draws what shows fields anew when they are set otherwise. */
export const useSettings = () => useSyncExternalStore(subscribe, () => known);

const settingsOf = (noun: string) => known.get(noun) ?? [];
const ownOf = (noun: string) => settingsOf(noun).filter((each) => !each.standard);

const DECIMAL = "^-?[0-9]{1,14}(\\.[0-9]{1,4})?$";
const BY_TYPE: Record<string, (of: Setting) => Field> = {
  text: () => ({ type: "string", maxLength: 500 }),
  long_text: () => ({ type: "string", maxLength: 5000 }),
  number: () => ({ type: "string", pattern: DECIMAL }),
  money: () => ({ type: "string", pattern: DECIMAL }),
  date: () => ({ type: "string", format: "date" }),
  time: () => ({ type: "string", format: "date-time" }),
  choice: (of) => ({ type: "string", ...choicesOf(of) }),
  choices: (of) => ({ type: "array", items: { type: "string", ...choicesOf(of) } }),
  flag: () => ({ type: "boolean" }),
  person: () => ({ type: "string", format: "uuid", reference: "account" }),
  reference: (of) => ({ type: "string", format: "uuid", reference: of.reference ?? "" }),
};

/** What may be chosen now, and what all that ever could is called. */
const choicesOf = ({ options }: Setting): Field => ({
  enum: options!.filter((each) => each.active).map((each) => each.code),
  "enum-labels": Object.fromEntries(options!.map((each) => [each.code, each.label])),
});

/** A field of an administrator's own as the contract would describe it. */
export const fieldOf = (of: Setting): Field => ({
  ...BY_TYPE[of.type!]!(of),
  nullable: true,
  required: of.required,
  order: 1_000 + of.position,
  label: of.currency ? { zh: `${of.label.zh}（${of.currency}）`, en: `${of.label.en} (${of.currency})` } : of.label,
});

const fieldsIn = (settings: Setting[]): Fields =>
  Object.fromEntries(settings.map((each) => [nameOf(each), fieldOf(each)]));

/** A noun's fields with those set at run time, also those out of use: records and their histories have values of them. */
export const withOwn = (noun: string, fields: Fields): Fields =>
  "custom" in fields ? { ...fields, ...fieldsIn(ownOf(noun)) } : fields;

/** What a form asks for as it is set now. What goes out of use is asked no more, what is required says so. */
export function asSet(noun: string, fields: Fields): Fields {
  if (!("custom" in fields)) return fields;
  const { custom: _custom, ...asked } = fields;
  for (const { key, standard, enabled, required } of settingsOf(noun)) {
    if (!standard || !asked[key]) continue;
    if (enabled) asked[key] = { ...asked[key], required };
    else delete asked[key];
  }
  return { ...asked, ...fieldsIn(ownOf(noun).filter((each) => each.enabled)) };
}

/** What a form asks first: what is common or required, in the console's own order and then in the administrator's. */
export function firstOf(noun: string, form: string[] | undefined) {
  if (!form) return undefined;
  const settings = settingsOf(noun);
  const isFirst = (name: string) => {
    const setting = settings.find((each) => nameOf(each) === name);
    return !setting || setting.common || setting.required;
  };
  return [...new Set([...form, ...settings.filter((each) => each.enabled).map(nameOf)])].filter(
    (name) => isFirst(name) && (form.includes(name) || settings.some((each) => nameOf(each) === name)),
  );
}

/** The fields at run time that a list may be narrowed by, and be in the order of. */
export const narrowedBy = (noun: string) =>
  ownOf(noun)
    .filter((each) => each.enabled)
    .map(nameOf);
export const orderedBy = (noun: string) =>
  ownOf(noun)
    .filter((each) => each.enabled && each.indexed && each.type !== "choices")
    .map(nameOf);

const SAME = ["eq", "ne", "in", "not_in"];
const COMPARED = [...SAME, "gt", "gte", "lt", "lte"];
const OF_DAYS = [...COMPARED, "within", "before", "after", "within_last", "within_next"];
const TERMS: Record<string, [kind: string, operators: string[]]> = {
  text: ["text", [...SAME, "contains", "not_contains"]],
  long_text: ["text", [...SAME, "contains", "not_contains"]],
  number: ["decimal", COMPARED],
  money: ["decimal", COMPARED],
  date: ["day", OF_DAYS],
  time: ["moment", OF_DAYS],
  choice: ["code", SAME],
  choices: ["codes", SAME],
  flag: ["flag", SAME],
  person: ["id", SAME],
  reference: ["id", SAME],
};

/** What conditions may ask of the fields at run time. */
export const ownTerms = (noun: string): Terms =>
  Object.fromEntries(
    ownOf(noun)
      .filter((each) => each.enabled)
      .map((each) => {
        const field = fieldOf(each);
        const [kind, operators] = TERMS[each.type!]!;
        const term = {
          kind,
          operators: [...operators, "empty"],
          enum: field.enum ?? field.items?.enum,
          "x-enum-labels": field["enum-labels"] ?? field.items?.["enum-labels"],
          "x-reference": field.reference,
          "x-label": field.label,
        };
        return [nameOf(each), term];
      }),
  );

/** An answer with the values of fields at run time beside those of the others: `custom.colour`. */
export function spread<Answer>(answer: Answer): Answer {
  if (typeof answer !== "object" || answer === null) return answer;
  const { items, custom } = answer as { items?: unknown; custom?: unknown };
  if (Array.isArray(items)) return { ...answer, items: items.map(spread) };
  if (typeof custom !== "object" || custom === null) return answer;
  const own = Object.entries(custom).map(([key, value]) => [OWN + key, value]);
  return { ...answer, ...Object.fromEntries(own) };
}

/** A body as it is sent: what is said of fields at run time stands under `custom`. */
export function gathered<Body extends object>(body: Body): object {
  const said = Object.entries(body);
  const own = said.filter(([name]) => name.startsWith(OWN));
  if (own.length === 0) return body;
  const others = said.filter(([name]) => !name.startsWith(OWN));
  return {
    ...Object.fromEntries(others),
    custom: Object.fromEntries(own.map(([name, value]) => [name.slice(OWN.length), value])),
  };
}
