import { expect, test } from "vitest";
import { holdsOf, mayEnd } from "./delegating";

const row = { id: "1", account_id: "away", starts_at: "2026-11-27T09:00:00Z", ends_at: "2026-11-28T09:00:00Z" };

test.each([
  ["2026-11-27T08:59:59Z", "later"],
  ["2026-11-27T09:00:00Z", "now"],
  ["2026-11-28T08:59:59Z", "now"],
  ["2026-11-28T09:00:00Z", "over"],
])("at %s it is %s", (now, holds) => {
  expect(holdsOf(row, new Date(now))).toBe(holds);
});

test("who is away ends it, or an administrator; not who decides for them", () => {
  const decides = { "approval.decide": "own" };
  expect(mayEnd(row, { id: "away", permissions: decides })).toBe(true);
  expect(mayEnd(row, { id: "delegate", permissions: decides })).toBe(false);
  expect(mayEnd(row, { id: "admin", permissions: { "*": "all" } })).toBe(true);
  expect(mayEnd(row, { id: "chief", permissions: { "approval.administer": "all" } })).toBe(true);
  expect(mayEnd(row)).toBe(false);
});
