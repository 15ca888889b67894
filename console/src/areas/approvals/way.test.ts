import { expect, test } from "vitest";
import { type Seat, stagesOf, type Task, wayOf } from "./way";

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
  expect(way.map(({ places }) => places[0]!.planned?.kind)).toEqual(["superior", "role", "person"]);
});

test("steps side by side are one stage, which is on as long as one of them waits", () => {
  const seat = (id: string, step: number) => ({ id, step }) as Seat;
  const way = wayOf({
    id: "1",
    state: "pending",
    step_count: 3,
    stages: [{ steps: [1, 2] }, { steps: [3] }],
    history: [task(1, "approved"), task(2, "pending")],
    asked: [seat("a", 1), seat("b", 2), seat("c", 2)],
  });
  expect(way.map(({ state }) => state)).toEqual(["now", "later"]);
  expect(way[0]!.places.map(({ state }) => state)).toEqual(["past", "now"]);
  expect(way[0]!.places.map(({ seats }) => seats.map(({ id }) => id))).toEqual([["a"], ["b", "c"]]);
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

test("the steps of a flow are stages as the server has them: the first one is beside nothing", () => {
  expect(stagesOf([{ beside: true }, { beside: true }, {}, { beside: true }])).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(stagesOf([])).toEqual([]);
});
