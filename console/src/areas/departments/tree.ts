import type { Row } from "../../api/call";

export type Node = { key: string; title: string; row: Row; children: Node[] };

const called = (row: Row) => String(row.name);
const parentOf = (row: Row) => (row.parent_id as string | null) ?? undefined;

/** Departments as a tree, each level by name. What stands below one that the reader does not see stands at the top. */
export function nested(rows: Row[]): Node[] {
  const nodes = new Map(rows.map((row) => [row.id, { key: row.id, title: called(row), row, children: [] as Node[] }]));
  const top: Node[] = [];
  for (const node of nodes.values()) (nodes.get(parentOf(node.row) ?? "")?.children ?? top).push(node);
  const order = new Intl.Collator("zh-CN", { numeric: true });
  for (const level of [top, ...[...nodes.values()].map((node) => node.children)])
    level.sort((a, b) => order.compare(a.title, b.title));
  return top;
}

/** The ids of a department and of everything below it. */
export function within(rows: Row[], id: string): Set<string> {
  const path = (row: Row) => (row.path as string[] | undefined) ?? [row.id];
  return new Set(rows.filter((row) => path(row).includes(id)).map((row) => row.id));
}

/** Whether a department may be put below another, or at the top: not below itself, and not where it is. */
export function mayMove(rows: Row[], id: string, to: string | undefined): boolean {
  const row = rows.find((each) => each.id === id);
  return row !== undefined && parentOf(row) !== to && !(to && within(rows, id).has(to));
}

/** The tree with only what is called so, and what stands above that. */
export function found(nodes: Node[], text: string): Node[] {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return nodes;
  return nodes.flatMap((node) => {
    const children = found(node.children, text);
    const itself = [node.title, String(node.row.code ?? "")].some((each) => each.toLowerCase().includes(wanted));
    return itself || children.length > 0 ? [{ ...node, children: itself ? node.children : children }] : [];
  });
}

/** Where what is dropped goes: on a department below it, into a gap beside it. */
export const targetOf = (on: Row, gap: boolean) => (gap ? parentOf(on) : on.id);
