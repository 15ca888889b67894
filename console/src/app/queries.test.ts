// @vitest-environment jsdom
import { QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../api/problem";
import { againIn, newQueries } from "./queries";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what failed is asked for again later each time, and not everything at the same moment", () => {
  expect([1, 2, 3, 9].map((failures) => againIn(failures, 0.5))).toEqual([5_000, 10_000, 20_000, 20_000]);
  expect(againIn(1, 0)).toBeLessThan(againIn(1, 1));
});

test("a service that is back is found, and what it refuses is not asked for again", async () => {
  let times = 0;
  const asked = vi.fn(() => (++times < 9 ? Promise.reject(new Problem(503, {})) : Promise.resolve("back")));
  const refused = vi.fn(() => Promise.reject(new Problem(403, {})));
  const queries = newQueries();
  const stop = [
    new QueryObserver(queries, { queryKey: ["contracts"], queryFn: asked }).subscribe(() => undefined),
    new QueryObserver(queries, { queryKey: ["leads"], queryFn: refused }).subscribe(() => undefined),
  ];
  await vi.advanceTimersByTimeAsync(120_000);
  expect(queries.getQueryData(["contracts"])).toBe("back");
  expect(asked).toHaveBeenCalledTimes(9);
  expect(refused).toHaveBeenCalledTimes(1);
  for (const each of stop) each();
});
