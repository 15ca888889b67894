import { expect, test } from "vitest";
import { isEnough } from "./LookAlikes";

test.each([
  ["云", false],
  ["云图", true],
  ["ab", false],
  ["a b", false],
  ["abc", true],
])("whether “%s” is enough to look for: %s", (typed, enough) => {
  expect(isEnough(typed)).toBe(enough);
});
