import { createContext, useContext } from "react";
import type { Row } from "../api/call";
import type { Resource } from "./registry";

/** The parts of a record that its own records name, such as the line that was delivered, by the field that names them. */
type Choices = Record<string, { value: string; label: string }[]>;
export const ChoicesContext = createContext<Choices>({});
export const useChoices = (name: string) => useContext(ChoicesContext)[name];

/** The parts of `row` that a related record may name: they are called by their place and their name. */
export function choicesOf(resource: Resource, row?: Row): Choices {
  const parts = Object.entries(resource.parts ?? {});
  return Object.fromEntries(
    parts.map(([field, list]) => [
      field,
      ((row?.[list] ?? []) as Row[]).map((part, index) => ({
        value: part.id,
        label: [`${index + 1}.`, part.name].filter(Boolean).join(" "),
      })),
    ]),
  );
}
