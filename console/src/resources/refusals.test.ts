import { expect, test } from "vitest";
import { Problem } from "../api/problem";
import { filledIn } from "./filledIn";
import { faultsIn } from "./refusals";

test("what a problem says of a field stands beside it, also in a row of parts", () => {
  const problem = new Problem(422, {
    errors: [
      { field: "name", message: "short" },
      { field: "terms.0.due_on", message: "a day" },
      { field: "elsewhere", message: "odd" },
    ],
  });
  expect(faultsIn(problem, ["name", "terms"])).toEqual({
    fields: [
      { name: ["name"], errors: ["short"] },
      { name: ["terms", 0, "due_on"], errors: ["a day"] },
    ],
    rest: ["elsewhere: odd"],
  });
});

test("what was left empty is not sent, and an amount stays a string", () => {
  expect(
    filledIn({ name: " 云图 ", remark: "", amount: "1.50", lines: [], terms: [{ due_on: null, amount: "2" }] }),
  ).toEqual({
    name: "云图",
    amount: "1.50",
    terms: [{ amount: "2" }],
  });
});
