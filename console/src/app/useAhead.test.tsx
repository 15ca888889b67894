// @vitest-environment jsdom
import { renderHook } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { surroundings } from "../api/testing";
import { useAhead } from "./useAhead";

afterEach(() => void vi.useRealTimers());

test("what is likely to be wanted is fetched once, after the page has all that it asks for", async () => {
  vi.useFakeTimers();
  const { Around, queries } = surroundings();
  const fetch = vi.fn();
  const { promise, resolve } = Promise.withResolvers<object>();
  const list = queries.fetchQuery({ queryKey: ["list"], queryFn: () => promise });
  renderHook(() => useAhead(fetch), { wrapper: Around });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(fetch).not.toHaveBeenCalled();
  resolve({});
  await list;
  await vi.advanceTimersByTimeAsync(60_000);
  queries.setQueryData(["another"], {});
  await vi.advanceTimersByTimeAsync(60_000);
  expect(fetch).toHaveBeenCalledTimes(1);
});

test("nothing is fetched for a page that is gone", async () => {
  vi.useFakeTimers();
  const fetch = vi.fn();
  const { unmount } = renderHook(() => useAhead(fetch), { wrapper: surroundings().Around });
  unmount();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(fetch).not.toHaveBeenCalled();
});
