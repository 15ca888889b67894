import { expect, test } from "vitest";
import { bodyOf } from "../api/bodies";
import { isThere, saidOf } from "./useChange";

const { name, amount, remark } = bodyOf("update_opportunity");

test("what is left empty is nothing where the contract takes that", () => {
  expect(saidOf("  ", { nullable: true })).toBeNull();
  expect(saidOf(undefined, {})).toBe("");
});

test("what an unanswered try has saved already is no conflict", () => {
  expect(isThere("云图", " 云图 ", name!)).toBe(true);
  expect(isThere("云图科技", "云图", name!)).toBe(false);
  expect(isThere("120000.00", "120000", amount!)).toBe(true);
  expect(isThere("120000.50", "120000", amount!)).toBe(false);
  expect(isThere(null, null, remark!)).toBe(true);
});
