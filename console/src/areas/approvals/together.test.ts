import { expect, test } from "vitest";
import { type Outcome, type Result, toldOf, withNames } from "./together";

const result = (said: Partial<Result>): Result => ({ id: "1", done: true, state: "approved", code: null, ...said });

test.each<[Partial<Result>, Outcome, string]>([
  [{}, "approved", "together.approved"],
  [{ state: "pending" }, "approved", "together.goesOn"],
  [{ state: "rejected" }, "rejected", "together.rejected"],
  [{ done: false, state: null, code: "own-request" }, "approved", "together.own-request"],
  [{ done: false, state: null, code: "something-new" }, "approved", "together.refused"],
])("what became of %j after %s is said by %s", (said, outcome, sentence) => {
  expect(toldOf(result(said), outcome)).toBe(sentence);
});

test("what was refused stands first, each by its title", () => {
  const rows = [
    { id: "1", title: "甲合同" },
    { id: "2", title: "乙合同" },
  ];
  const named = withNames([result({ id: "1" }), result({ id: "2", done: false }), result({ id: "3" })], rows);
  expect(named.map(({ title }) => title)).toEqual(["乙合同", "甲合同", "—"]);
});
