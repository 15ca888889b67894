import { expect, test } from "vitest";
import { type Task, wayOf } from "./way";

const task = (step: number, state: string) => ({ step, state }) as Task;
const states = (approval: object) => wayOf({ id: "1", ...approval }).map(({ state }) => state);

test("an approval is where its step is; what comes is known by its steps", () => {
  const approval = {
    id: "1",
    state: "pending",
    step: 2,
    step_count: 3,
    history: [task(1, "approved"), task(2, "pending")],
    steps: [{ kind: "superior" }, { kind: "role", role: "director" }, { kind: "person" }],
  };
  const way = wayOf(approval);
  expect(way.map(({ state }) => state)).toEqual(["past", "now", "later"]);
  expect(way.map(({ planned }) => planned?.kind)).toEqual([undefined, undefined, "person"]);
});

test("after a rejection nobody is asked any more", () => {
  expect(states({ state: "rejected", step: 1, step_count: 2, history: [task(1, "rejected")] })).toEqual([
    "past",
    "skipped",
  ]);
});

test("an approval without steps has no way", () => {
  expect(states({ state: "approved", step: 0, step_count: 0, history: [] })).toEqual([]);
});
