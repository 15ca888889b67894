import type { Field, Fields } from "../api/meta";
import { type Kind, kindOf } from "./kinds";

/** The column that says what a row is: two lines of a title. */
const FIRST = 220;
/** Every other text, which has two lines too. */
const TEXT = 124;
/** A number by which a record is known: all of it in one line, as its end is what tells it from others. */
const NUMBER = 152;
const PERSON = 96;

const BY_KIND: Partial<Record<Kind, number>> = {
  reference: 140,
  references: 140,
  choice: 96,
  flag: 80,
  integer: 80,
  day: 104,
  moment: 132,
  money: 124,
  phone: 132,
  email: 180,
};

function widthOf(name: string, field: Field, fields: Fields) {
  if (/(^|_)number$/.test(name)) return NUMBER;
  if (field.reference === "account") return PERSON;
  return BY_KIND[kindOf(name, field, fields)] ?? TEXT;
}

/** How wide the columns of a list are at least: what fits nowhere else is given its room, the rest shares what is over. */
export const widthsOf = (columns: string[], fields: Fields) =>
  columns.map((name, place) => (place === 0 ? FIRST : widthOf(name, fields[name] ?? {}, fields)));
