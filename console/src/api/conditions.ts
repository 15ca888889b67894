import { ownTerms } from "./fields";
import told from "./generated/conditions.json";
import type { OperationName, Said } from "./meta";

/** What a condition may ask of a field, as the contract has it. */
export type Term = {
  kind: string;
  operators: string[];
  enum?: string[];
  "x-enum-labels"?: Record<string, Said>;
  "x-reference"?: string;
  "x-dictionary"?: string;
  "x-label"?: Said;
  /** Whether limits of roles may be on it. */
  "x-limits"?: boolean;
};
export type Terms = Record<string, Term>;
type Search = { search: OperationName; terms: Terms };

/** By the operation that lists its records, what a noun is searched with. Only what asks it imports this file. */
export const searches = told.lists as unknown as Partial<Record<OperationName, Search>>;
/** What may be asked of a noun's records, also of fields that are set at run time. */
export const termsOf = (list: OperationName, noun: string): Terms => ({
  ...searches[list]?.terms,
  ...ownTerms(noun),
});
export const operatorLabels = told.operators as Record<string, Said>;
export const periodLabels = told.periods as Record<string, Said>;
export const peopleLabels = told.people as Record<string, Said>;
