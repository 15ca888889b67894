import { narrowedBy } from "../api/fields";
import { type Field, operations } from "../api/meta";
import { type Kind, kindOf } from "./kinds";
import { fieldsOf, inOrder, type Resource, referred } from "./registry";

/** How a field narrows a list: by some of its values, a yes or no, a span from and to, or a part of its text. */
type Way = "some" | "flag" | "span" | "part" | "same";
export type Filter = { name: string; field: Field; kind: Kind; way: Way };

const WAYS: Partial<Record<Kind, Way>> = {
  choice: "some",
  term: "some",
  reference: "some",
  references: "some",
  choices: "some",
  flag: "flag",
  day: "span",
  moment: "span",
  money: "span",
  decimal: "span",
  integer: "span",
};

/** What a list can be narrowed by: every field that the contract compares, and what the entry adds to them. */
export function filtersOf(resource: Resource): Filter[] {
  const own = "custom" in fieldsOf(resource) ? narrowedBy(resource.noun) : [];
  const asked = [
    ...(operations[resource.list].queries ?? []),
    ...own.flatMap((name) => [`filter[${name}]`, `filter[${name}][contains]`]),
  ];
  const fields = { ...fieldsOf(resource), ...resource.filters };
  // An id that leads to no page says nothing to people.
  const isSaid = (field: Field) => field.format !== "uuid" || referred(field);
  return [...inOrder(fieldsOf(resource)), ...Object.keys(resource.filters ?? {})]
    .filter((name) => asked.some((each) => each.startsWith(`filter[${name}]`)) && isSaid(fields[name]!))
    .map((name) => {
      const field = fields[name]!;
      const kind = kindOf(name, field, fields);
      const way = WAYS[kind] ?? (asked.includes(`filter[${name}][contains]`) ? "part" : "same");
      return { name, field, kind, way };
    })
    .filter((filter) => keyOf(filter) !== resource.search);
}

/** Whether it narrows by days, which are called otherwise than numbers. */
export const isOfDays = ({ kind }: Filter) => kind === "day" || kind === "moment";
/** The words for the two ends of a span. */
export const spanWords = (filter: Filter) =>
  isOfDays(filter) ? (["list.notBefore", "list.notAfter"] as const) : (["list.atLeast", "list.atMost"] as const);

const ENDS: Record<Way, string> = { some: "[in]", part: "[contains]", flag: "", same: "", span: "" };
/** The name that a filter has in the address. Several values of a choice may be wanted at once. */
export const keyOf = ({ name, way }: Filter) => `filter[${name}]${ENDS[way]}`;
export const fromKey = ({ name }: Filter) => `filter[${name}][gte]`;
export const toKey = ({ name }: Filter) => `filter[${name}][lte]`;
