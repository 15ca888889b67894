import { expect, test } from "vitest";
import { conditionOf } from "./search";
import { countIn, groupOf, newRow, readTree, type Tree, treeOf } from "./tree";

const one: Tree = { field: "status", operator: "in", value: ["potential"] };
const other: Tree = { field: "owner_id", operator: "eq", value: "me" };

test("a tree is the same when it has been groups", () => {
  for (const tree of [
    { all: [one] },
    { any: [one, { all: [one, other] }] },
    { not: { any: [one, { not: { any: [other] } }] } },
  ] as Tree[]) {
    expect(treeOf(groupOf(tree))).toEqual(tree);
    expect(readTree(JSON.stringify(tree))).toEqual(tree);
  }
  expect(treeOf(groupOf(one))).toEqual({ all: [one] });
  expect(treeOf(groupOf({ not: one }))).toEqual({ not: { any: [one] } });
  expect(treeOf(groupOf(undefined))).toBeUndefined();
});

test("what is not whole yet is no part of it", () => {
  const group = groupOf({ all: [one] });
  group.parts.push(newRow(), { key: 0, field: "name", operator: "contains", value: "" }, groupOf(undefined));
  group.parts.push({ key: 1, field: "owner_id", operator: "in", value: [] });
  expect(treeOf(group)).toEqual({ all: [one] });
  group.parts.push({ key: 2, field: "active", operator: "eq", value: false });
  expect(countIn(treeOf(group))).toBe(2);
});

test("an address that holds no tree means none", () => {
  for (const text of [
    "",
    "x",
    "[]",
    "{}",
    "null",
    '{"all":[]}',
    '{"any":[1]}',
    '{"not":{}}',
    '{"field":1,"operator":"eq"}',
  ])
    expect(readTree(text), text).toBeUndefined();
});

test("a filter of the address says the same as a condition", () => {
  const terms = {
    status: { kind: "code", operators: ["in"] },
    pages: { kind: "integer", operators: ["gte"] },
    active: { kind: "flag", operators: ["eq"] },
  };
  expect(conditionOf("filter[status][in]", "a,b", terms)).toEqual({
    field: "status",
    operator: "in",
    value: ["a", "b"],
  });
  expect(conditionOf("filter[pages][gte]", "3", terms)).toEqual({ field: "pages", operator: "gte", value: 3 });
  expect(conditionOf("filter[active]", "true", terms)).toEqual({ field: "active", operator: "eq", value: true });
});
