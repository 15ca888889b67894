import { expect, test } from "vitest";
import "../areas";
import { type Place, places } from "../areas/places";
import { commandsOf, matching } from "./commands";

const every = places.flatMap<Place>((place) => place.below ?? [place]);
const t = ((key: string) => ({ "nav.customers": "客户", "new.customers": "新建客户" })[key] ?? key) as never;
const found = (text: string) =>
  matching(
    commandsOf(t, every, () => true),
    text,
  ).map(({ key }) => key);

test("a place is found by its name, its pinyin and in English", () => {
  for (const text of ["客户", "kh", "CUST"]) expect(found(text)).toContain("go.customers");
  expect(found("xjkh")).toContain("new.customers");
});

test("what one may not do is not offered", () => {
  const commands = commandsOf(t, every, (name) => name !== "create_customer");
  expect(commands.map(({ key }) => key)).not.toContain("new.customers");
});

test("what is made below another record is not offered from everywhere", () => {
  expect(found("")).not.toContain("new.contacts");
});

test("each place has its own pinyin and its own letter", () => {
  const named = every.map(({ initials }) => initials);
  expect(named).not.toContain(undefined);
  const letters = every.flatMap(({ letter }) => letter ?? []);
  expect(new Set(letters).size).toBe(letters.length);
});
