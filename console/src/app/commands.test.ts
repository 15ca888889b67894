import { expect, test } from "vitest";
import "../areas";
import { type Place, places } from "../areas/places";
import nouns from "../i18n/zh-CN/nouns.json";
import { commandsOf, matching } from "./commands";
import { pinyinOf } from "./pinyin";

const every = places.flatMap<Place>((place) => place.below ?? [place]);
const t = ((key: string) => {
  const [group, name] = key.split(".") as ["nav" | "new", string];
  return Reflect.get(nouns[group], name);
}) as never;
const found = (text: string) =>
  matching(
    commandsOf(t, every, () => true),
    text,
  ).map(({ key }) => key);

test("a place is found by its name, its pinyin and in English", () => {
  for (const text of ["客户", "kh", "CUST"]) expect(found(text)).toContain("go.customers");
  expect(found("xjkh")).toContain("new.customers");
});

test("what has one name as a place and another one where it is made is found by both", () => {
  for (const text of ["xjgd", "xinjiangongdan", "gongdan", "xjfwgd"]) expect(found(text)).toContain("new.cases");
  for (const text of ["fwgd", "fuwugongdan", "gongdan"]) expect(found(text)).toContain("go.cases");
  for (const text of ["djhk", "huikuan", "xjskd"]) expect(found(text)).toContain("new.receipts");
});

test("every name is known in pinyin", () => {
  const labels = commandsOf(t, every, () => true).map(({ label }) => label);
  expect(labels.length).toBeGreaterThan(every.length);
  for (const label of labels) expect(pinyinOf(label).join(" ")).toMatch(/^[a-z ]+$/);
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
