import { useTranslation } from "react-i18next";
import type { Term, Terms } from "../../api/conditions";
import type { Field } from "../../api/meta";
import { type Resource, referred } from "../registry";
import { said } from "../words";

export type Offered = {
  name: string;
  label: string;
  term: Term;
  field: Field;
  /** Words for people and departments that mean whoever asks. */
  words: string[];
};

const WORDS: Record<string, string[]> = {
  account: ["me", "my_department", "my_department_and_below"],
  department: ["my_department", "my_department_and_below"],
};

/** What an input needs to know of a term's values. */
const fieldOf = (term: Term): Field => ({
  enum: term.enum,
  "enum-labels": term["x-enum-labels"],
  reference: term["x-reference"],
  dictionary: term["x-dictionary"],
  label: term["x-label"],
});

/** Whether a value is a term of a dictionary: a part of a text need not be one. */
export const isTerm = ({ field }: Offered, operator: string) =>
  Boolean(field.dictionary) && !["contains", "not_contains"].includes(operator);

/**
 * The fields that conditions may be on, as far as people have a word for them and a way to say their values. Only of a
 * resource's list somebody asks: nobody does where a flow or a webhook is judged.
 */
export function useOffered(terms: Terms, resource?: Resource): Offered[] {
  const { i18n } = useTranslation();
  return Object.entries(terms).flatMap(([name, term]) => {
    const label = term["x-label"] ?? resource?.filters?.[name]?.label;
    const field = fieldOf(term);
    if (!label || (term.kind === "id" && !referred(field))) return [];
    const words = (resource && WORDS[field.reference ?? ""]) ?? [];
    return [{ name, label: said(i18n.language, label, name), term, field, words }];
  });
}
