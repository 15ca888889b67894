// @vitest-environment jsdom
import { act, renderHook, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { answering, surroundings } from "../api/testing";
import { useList } from "./queries";
import type { Resource } from "./registry";

const products: Resource = {
  name: "products",
  noun: "product",
  schema: "Product",
  list: "list_products",
  title: ["name"],
  columns: ["name"],
};
const page = (next: string | null) => ({ body: { items: [{ id: next ?? "last" }], next } });

test("however often one presses for more, one page is asked for at a time", async () => {
  const held: (() => void)[] = [];
  const asked = answering(async () => {
    if (asked.length > 1) await new Promise<void>((go) => held.push(go));
    return page(`after ${asked.length}`);
  });
  const { result } = renderHook(() => useList(products, {}), { wrapper: surroundings().Around });
  await waitFor(() => expect(result.current.rows).toHaveLength(1));
  const { more } = result.current;
  act(() => {
    more();
    more();
    result.current.more();
  });
  await waitFor(() => expect(held).toHaveLength(1));
  act(() => more());
  act(() => held[0]!());
  await waitFor(() => expect(result.current.rows).toHaveLength(2));
  expect(asked).toHaveLength(2);
});

test("nothing is asked for as long as it is not known whom a list is about", async () => {
  const asked = answering(() => page(null));
  const { result, rerender } = renderHook(({ query }) => useList(products, query), {
    wrapper: surroundings().Around,
    initialProps: { query: undefined as Record<string, string> | undefined },
  });
  expect([result.current.isPending, asked.length]).toEqual([true, 0]);
  rerender({ query: {} });
  await waitFor(() => expect(result.current.rows).toHaveLength(1));
});
