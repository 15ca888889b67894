import { useTranslation } from "react-i18next";
import type { Term, Terms } from "../../api/conditions";
import type { Field } from "../../api/meta";
import { type Resource, referred } from "../registry";
import { said } from "../words";

export type Offered = { name: string; label: string; term: Term; field: Field };

/** What an input needs to know of a term's values. */
const fieldOf = (term: Term): Field => ({
  enum: term.enum,
  "enum-labels": term["x-enum-labels"],
  reference: term["x-reference"],
  label: term["x-label"],
});

/** The fields that conditions may be on, as far as people have a word for them and a way to say their values. */
export function useOffered(terms: Terms, resource?: Resource): Offered[] {
  const { i18n } = useTranslation();
  return Object.entries(terms).flatMap(([name, term]) => {
    const label = term["x-label"] ?? resource?.filters?.[name]?.label;
    const field = fieldOf(term);
    if (!label || (term.kind === "id" && !referred(field))) return [];
    return [{ name, label: said(i18n.language, label, name), term, field }];
  });
}
