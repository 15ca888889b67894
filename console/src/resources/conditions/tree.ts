/** A tree of conditions as the API has it. */
export type Condition = { field: string; operator: string; value?: unknown };
export type Tree = { all: Tree[] } | { any: Tree[] } | { not: Tree } | Condition;

/** The same while somebody is at it: what is not whole yet stands in it too. */
export type Way = "all" | "any" | "none";
export type Row = { key: number; field?: string; operator?: string; value?: unknown };
export type Group = { key: number; way: Way; parts: Part[] };
export type Part = Row | Group;

export const isGroup = (part: Part): part is Group => "way" in part;

let made = 0;
const next = () => {
  made += 1;
  return made;
};
export const newRow = (): Row => ({ key: next() });
export const newGroup = (way: Way, parts: Part[]): Group => ({ key: next(), way, parts });

/** A tree as groups: of one that is none by itself, one that all of holds. */
export function groupOf(tree: Tree | undefined): Group {
  const part = tree && partOf(tree);
  if (!part) return newGroup("all", []);
  return isGroup(part) ? part : newGroup("all", [part]);
}

/** A tree as it is read: `none` is of the parts of an `any`, or of the one part of anything else. */
export function partOf(tree: Tree): Part {
  if ("all" in tree) return newGroup("all", tree.all.map(partOf));
  if ("any" in tree) return newGroup("any", tree.any.map(partOf));
  if (!("not" in tree)) return { key: next(), ...tree };
  return "any" in tree.not ? newGroup("none", tree.not.any.map(partOf)) : newGroup("none", [partOf(tree.not)]);
}

const isSaid = (value: unknown) => value !== undefined && value !== null && value !== "";
const isWhole = ({ field, operator, value }: Row) =>
  Boolean(field && operator) && (Array.isArray(value) ? value.length > 0 : isSaid(value));

/** What is whole of a group, as a tree; nothing where nothing is. */
export function treeOf(group: Group): Tree | undefined {
  const parts = group.parts.flatMap((part) => {
    if (isGroup(part)) return treeOf(part) ?? [];
    const { key: _key, ...condition } = part;
    return isWhole(part) ? (condition as Condition) : [];
  });
  if (parts.length === 0) return undefined;
  if (group.way === "none") return { not: { any: parts } };
  return group.way === "any" ? { any: parts } : { all: parts };
}

/** How many conditions there are in it. */
export function countIn(tree: Tree | undefined): number {
  if (!tree) return 0;
  if ("not" in tree) return countIn(tree.not);
  const parts = "all" in tree ? tree.all : "any" in tree ? tree.any : undefined;
  return parts ? parts.reduce((sum, part) => sum + countIn(part), 0) : 1;
}

const DEEPEST = 8;

function isTree(value: unknown, depth = 0): value is Tree {
  if (typeof value !== "object" || value === null || depth > DEEPEST) return false;
  const { all, any, not, field, operator } = value as Record<string, unknown>;
  const parts = all ?? any;
  if (parts) return Array.isArray(parts) && parts.length > 0 && parts.every((part) => isTree(part, depth + 1));
  if (not) return isTree(not, depth + 1);
  return typeof field === "string" && typeof operator === "string";
}

/** The tree that an address holds; nothing where that is none. */
export function readTree(text: string | undefined): Tree | undefined {
  if (!text) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isTree(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
