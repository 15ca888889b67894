// @vitest-environment jsdom
import { act, renderHook, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { answering, surroundings } from "../api/testing";
import { readAnew, useList } from "./queries";
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

/** A list of two pages whose answers, but the first, wait until they are let go. */
async function shown() {
  const held: (() => void)[] = [];
  const asked = answering(async () => {
    if (asked.length > 1) await new Promise<void>((go) => held.push(go));
    return page(`after ${asked.length}`);
  });
  const { queries, Around } = surroundings();
  const { result } = renderHook(() => useList(products, {}), { wrapper: Around });
  await waitFor(() => expect(result.current.rows).toHaveLength(1));
  /** Lets the request of a number be answered. */
  const answer = async (number: number) => {
    await waitFor(() => expect(held).toHaveLength(number - 1));
    act(() => held[number - 2]!());
  };
  const again = () => act(() => void readAnew(queries, () => true));
  return { asked, result, answer, again };
}

test("however often one presses for more, one page is asked for at a time", async () => {
  const { asked, result, answer } = await shown();
  const { more } = result.current;
  act(() => {
    void more();
    void more();
    void result.current.more();
  });
  await waitFor(() => expect(asked).toHaveLength(2));
  act(() => void more());
  await answer(2);
  await waitFor(() => expect(result.current.rows).toHaveLength(2));
  expect(asked).toHaveLength(2);
});

test("news do not take away the page that somebody has asked for, and are seen when it is there", async () => {
  const { asked, result, answer, again } = await shown();
  act(() => void result.current.more());
  await waitFor(() => expect(asked).toHaveLength(2));
  again();
  await answer(2);
  await waitFor(() => expect(result.current.rows).toHaveLength(2));
  await answer(3);
  await answer(4);
  await waitFor(() => expect(result.current.rows.map(({ id }) => id)).toEqual(["after 3", "after 4"]));
});

test("who asks for more while a list is fetched anew gets both", async () => {
  const { asked, result, answer, again } = await shown();
  again();
  await waitFor(() => expect(asked).toHaveLength(2));
  act(() => {
    void result.current.more();
    void result.current.more();
  });
  await answer(2);
  await answer(3);
  await waitFor(() => expect(result.current.rows.map(({ id }) => id)).toEqual(["after 2", "after 3"]));
  expect(asked).toHaveLength(3);
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
