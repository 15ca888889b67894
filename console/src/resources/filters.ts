import { type Field, operations } from "../api/meta";
import { type Kind, kindOf } from "./kinds";
import { fieldsOf, inOrder, type Resource } from "./registry";

export type Filter = { name: string; field: Field; kind: Kind };
/** What a list can be narrowed by with a choice instead of a text. */
const CHOSEN: Kind[] = ["choice", "flag", "reference", "references", "day"];

/** Returns the filters of a list that people are offered: those of its fields that the contract compares. */
export function filtersOf(resource: Resource): Filter[] {
  const asked = operations[resource.list].queries ?? [];
  const fields = fieldsOf(resource);
  return inOrder(fields)
    .filter((name) => asked.includes(`filter[${name}]`))
    .map((name) => ({ name, field: fields[name]!, kind: kindOf(name, fields[name]!, fields) }))
    .filter(({ kind }) => CHOSEN.includes(kind));
}

/** Of what several values may be wanted at once. */
const SEVERAL: Kind[] = ["choice", "reference", "references"];

/** The name that a filter has in the address. */
export const keyOf = ({ name, kind }: Filter) => (SEVERAL.includes(kind) ? `filter[${name}][in]` : `filter[${name}]`);
export const fromKey = ({ name }: Filter) => `filter[${name}][gte]`;
export const toKey = ({ name }: Filter) => `filter[${name}][lte]`;
