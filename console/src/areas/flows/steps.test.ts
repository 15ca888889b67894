import { expect, test } from "vitest";
import { asksOfStep, needsOfStep } from "./steps";

test.each([
  ["person", ["account_ids", "agree"], ["account_ids"]],
  ["role", ["role", "agree"], ["role"]],
  ["group", ["group_id", "agree"], ["group_id"]],
  ["superior", ["height"], []],
  ["department_head", ["agree"], []],
])("a step for a %s is asked whom it is for, and has to say it", (kind, whom, needed) => {
  expect(asksOfStep({ kind }, 1)).toEqual(["kind", ...whom, "beside", "escalate_after"]);
  expect(needsOfStep({ kind })).toEqual(needed);
});

test("the first step is beside nothing, and one without a kind is only asked for that and its time", () => {
  expect(asksOfStep({}, 0)).toEqual(["kind", "escalate_after"]);
  expect(needsOfStep({})).toEqual([]);
});

test("a flow of an earlier release shows the one person whom it names, and needs no other", () => {
  const step = { kind: "person", account_id: "a" };
  expect(asksOfStep(step, 0)).toContain("account_id");
  expect(needsOfStep(step)).toEqual([]);
});
