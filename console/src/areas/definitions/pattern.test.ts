import { expect, test } from "vitest";
import { exampleOf } from "./pattern";

const TODAY = "2026-11-27";

test.each([
  ["KH{date:%Y%m%d}-{n:04}", "day", "KH20261127-0001"],
  ["XS-{date:%y%m}-{n:06}", "month", "XS-2611-000001"],
  ["{category}-{n}", "ever", "CATEGORY-1"],
])("a pattern shows what the next number looks like: %s", (pattern, counts, example) => {
  expect(exampleOf(pattern, counts, TODAY, ["category"])).toBe(example);
});

test.each([
  ["KH", "day"],
  ["{n}{n}", "ever"],
  ["KH-{n:04}", "day"],
  ["KH{date:%m}-{n:04}", "month"],
  ["{other}-{n}", "ever"],
  ["{n:99}", "ever"],
  ["{n", "ever"],
  ["{n.x}", "ever"],
])("what the server refuses has no example: %s", (pattern, counts) => {
  expect(exampleOf(pattern, counts, TODAY, ["category"])).toBeUndefined();
});
