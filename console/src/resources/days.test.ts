import { expect, test } from "vitest";
import { beginningOf, dayOf, daysAfter, daysBetween, endOf, firstOfMonth } from "./days";

const SHANGHAI = "Asia/Shanghai";

test("a day is the house's, wherever the reader sits", () => {
  expect(dayOf("2026-11-26T15:59:59Z", SHANGHAI)).toBe("2026-11-26");
  expect(dayOf("2026-11-26T16:00:00Z", SHANGHAI)).toBe("2026-11-27");
  expect(beginningOf("2026-11-27", SHANGHAI)).toBe("2026-11-26T16:00:00.000Z");
  expect(endOf("2026-11-26", SHANGHAI)).toBe("2026-11-26T15:59:59.999Z");
});

test("a day begins at its own midnight where clocks are changed", () => {
  expect(beginningOf("2026-03-29", "Europe/Berlin")).toBe("2026-03-28T23:00:00.000Z");
  expect(beginningOf("2026-03-30", "Europe/Berlin")).toBe("2026-03-29T22:00:00.000Z");
});

test("what is over is less than no days away", () => {
  expect(daysBetween("2026-11-26", "2026-11-25")).toBe(-1);
  expect(daysBetween("2026-11-26", "2026-12-03")).toBe(7);
  expect(daysAfter("2026-12-30", 7)).toBe("2027-01-06");
  expect(firstOfMonth("2026-11-26")).toBe("2026-11-01");
});
