// @vitest-environment jsdom
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { answering, surroundings } from "../api/testing";
import { countDaysBy, useDay } from "./days";

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  countDaysBy();
});

test("a page that is open over midnight goes on with the next day of the house, and the one after it", () => {
  const zone = "Asia/Shanghai";
  vi.useFakeTimers({ now: new Date("2026-11-26T15:59:00Z") });
  answering(() => ({ body: { time_zone: zone } }));
  countDaysBy(zone);
  const { Around } = surroundings({ time_zone: zone });
  const pages = [1, 2].map(() => renderHook(() => useDay(), { wrapper: Around }));
  const days = () => pages.map(({ result }) => result.current);
  const pass = (hours: number) => act(() => vi.advanceTimersByTime(hours * 3_600_000));
  expect(days()).toEqual([
    { today: "2026-11-26", zone },
    { today: "2026-11-26", zone },
  ]);
  pass(1);
  expect(days().map(({ today }) => today)).toEqual(["2026-11-27", "2026-11-27"]);
  pages[0]!.unmount();
  pass(24);
  expect(days()[1]!.today).toBe("2026-11-28");
});
