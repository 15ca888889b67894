import { expect, test } from "vitest";
import "../areas";
import { resources } from "../resources/registry";
import { isMeant, lookIn, nounsOf } from "./useNews";

const query = (key: unknown[], pages = 1) =>
  ({ queryKey: key, state: { data: { pages: Array(pages).fill([]) } } }) as never;
const told = new Set(["contracts"]);

test("an event names the records that it may have changed", () => {
  expect(nounsOf("contract.submitted")).toEqual(["contract", "approval"]);
  expect(nounsOf("receivable.settled")).toEqual(["receivable"]);
  const nouns = resources().map(({ noun }) => noun);
  for (const type of ["lead.activity_recorded", "activity.recorded", "case.noted", "approval.requested"])
    expect(nouns).toEqual(expect.arrayContaining(nounsOf(type)));
});

test("only what is about them is fetched anew, and no long list from its beginning", () => {
  expect(isMeant(query(["contracts", "list"]), told, false)).toBe(true);
  expect(isMeant(query(["contracts", "list"], 9), told, false)).toBe(false);
  expect(isMeant(query(["contracts", "name", "1"]), told, false)).toBe(false);
  expect(isMeant(query(["leads", "list"]), told, false)).toBe(false);
});

test("where nobody told what happened, everything may have changed, what one may do too", () => {
  expect(isMeant(query(["leads", "list"]), new Set(), true)).toBe(true);
  expect(isMeant(query(["me"]), new Set(), true)).toBe(true);
});

test("what one may do is read anew after a change of an account or a role, and of nothing else", () => {
  expect(isMeant(query(["me"]), new Set(["roles"]), false)).toBe(true);
  expect(isMeant(query(["me"]), new Set(["accounts"]), false)).toBe(true);
  expect(isMeant(query(["me"]), told, false)).toBe(false);
});

test("news are looked at soon, and in a flood of them now and then", () => {
  expect(lookIn(100_000, 0)).toBe(1_000);
  expect(lookIn(100_000, 98_000)).toBe(3_000);
});
