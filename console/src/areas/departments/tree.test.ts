import { expect, test } from "vitest";
import { found, mayMove, type Node, nested, targetOf, within } from "./tree";

const row = (id: string, path: string[], name = id) => ({
  id,
  name,
  code: `C-${id}`,
  parent_id: path.at(-1) ?? null,
  path: [...path, id],
});
const ROWS = [
  row("east", ["sales"]),
  row("sales", []),
  row("shanghai", ["sales", "east"], "上海"),
  row("finance", []),
  row("team10", ["sales"], "10 部"),
  row("team9", ["sales"], "9 部"),
];
const drawn = (nodes: Node[]): unknown[] => nodes.map(({ key, children }) => [key, ...drawn(children)]);

test("rows in any order become a tree whose levels are ordered as people count and spell", () => {
  expect(drawn(nested(ROWS))).toEqual([["finance"], ["sales", ["team9"], ["team10"], ["east", ["shanghai"]]]]);
});

test("what stands below a department that the reader does not see stands at the top", () => {
  const seen = ROWS.filter(({ id }) => id !== "sales" && id !== "finance");
  expect(nested(seen).map(({ key }) => key)).toEqual(["team9", "team10", "east"]);
});

test("a department goes anywhere but below itself, and not to where it is", () => {
  expect([...within(ROWS, "east")].sort()).toEqual(["east", "shanghai"]);
  expect(mayMove(ROWS, "east", "finance")).toBe(true);
  expect(mayMove(ROWS, "east", undefined)).toBe(true);
  expect(mayMove(ROWS, "east", "sales")).toBe(false);
  expect(mayMove(ROWS, "sales", undefined)).toBe(false);
  expect(mayMove(ROWS, "sales", "shanghai")).toBe(false);
  expect(mayMove(ROWS, "sales", "sales")).toBe(false);
  expect(mayMove(ROWS, "gone", "sales")).toBe(false);
});

test("what is dropped into a gap stands beside its neighbour", () => {
  expect(targetOf(ROWS[0]!, true)).toBe("sales");
  expect(targetOf(ROWS[0]!, false)).toBe("east");
  expect(targetOf(ROWS[1]!, true)).toBeUndefined();
});

test("a search by name or code keeps what stands above, and below what is found", () => {
  const tree = nested(ROWS);
  expect(drawn(found(tree, "上海"))).toEqual([["sales", ["east", ["shanghai"]]]]);
  expect(drawn(found(tree, "c-EAST"))).toEqual([["sales", ["east", ["shanghai"]]]]);
  expect(found(tree, "nothing")).toEqual([]);
  expect(found(tree, " ")).toBe(tree);
});

test("some thousands of departments become a tree at once", () => {
  const many = Array.from({ length: 4000 }, (_, at) => row(`d${at}`, at < 40 ? [] : [`d${at % 40}`]));
  expect(nested(many).reduce((sum, node) => sum + 1 + node.children.length, 0)).toBe(4000);
});
