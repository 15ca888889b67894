import { expect, test } from "vitest";
import { isLookedFor } from "./LookAlikes";

test.each([
  ["云", false],
  ["云图", true],
  ["ab", false],
  ["a b", false],
  ["abc", true],
])("whether “%s” is enough to look for: %s", (typed, enough) => {
  expect(isLookedFor(typed)).toBe(enough);
});
