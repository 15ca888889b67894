import dayjs from "dayjs";
import { expect, test } from "vitest";
import { moment, money } from "./format";

test("an amount keeps every digit, however large it is", () => {
  expect(money("123456789012345.67", "CNY", "zh-CN")).toBe("¥123,456,789,012,345.67");
});

test("an amount has the digits that it came with", () => {
  expect(money("1200", "JPY", "en")).toBe("¥1,200");
  expect(money("0.5000", undefined, "en")).toBe("0.5000");
});

test("a moment of this week says how long ago it was, one of this minute that it is now, an older one the day", () => {
  const now = dayjs("2026-11-26T12:00:00Z");
  expect(moment("2026-11-26T11:15:00Z", "zh-CN", "刚刚", now)).toBe("45分钟前");
  expect(moment("2026-11-25T11:00:00Z", "en", "just now", now)).toBe("yesterday");
  expect(moment("2026-11-26T11:59:30Z", "en", "just now", now)).toBe("just now");
  expect(moment("2026-11-10T11:00:00Z", "en", "just now", now)).toBe("2026-11-10");
});
