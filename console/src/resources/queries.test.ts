import { expect, test } from "vitest";
import { isShort, shortened, withSaved } from "./queries";

const row = (id: number, name = `${id}`) => ({ id: `${id}`, name, number: `N${id}` });
const list = (count: number) => ({
  pages: Array.from({ length: count }, (_, index) => ({ items: [row(index)], next: `${index + 1}` })),
  pageParams: Array.from({ length: count }, (_, index) => (index ? `${index}` : undefined)),
});
const query = (data: unknown) => ({ state: { data } }) as never;

test("a long list is not fetched anew by itself, and anything else is", () => {
  expect(isShort(query(list(3)))).toBe(true);
  expect(isShort(query(list(4)))).toBe(false);
  expect(isShort(query({ items: [] }))).toBe(true);
  expect(isShort(query(undefined))).toBe(true);
});

test("of a long list that is left only its beginning is kept; a short one stays as old as it is", () => {
  expect(shortened(list(40))?.pages.map((page) => page.items[0]!.id)).toEqual(["0", "1", "2"]);
  expect(shortened(list(40))?.pageParams).toEqual([undefined, "1", "2"]);
  expect(shortened(list(3))).toBeUndefined();
});

test("a long list shows what was saved, and keeps what only lists say", () => {
  const saved = withSaved(list(9), { id: "7", name: "云图" });
  expect(saved!.pages[7]!.items).toEqual([row(7, "云图")]);
  expect(saved!.pages[6]!.items).toEqual([row(6)]);
});
