import { expect, test } from "vitest";
import { drawingOf, type Step, toneOf } from "./drawing";

const step = (service: string, kind: Step["kind"], more: Partial<Step> = {}): Step => ({
  service,
  kind,
  at: "2026-11-22T08:00:00Z",
  name: "contract.signed",
  outcome: "ok",
  duration_ms: null,
  ...more,
});
const process = [
  step("contract", "operation", { name: "sign_contract" }),
  step("contract", "event_published", { event_id: "1", outcome: "published" }),
  step("finance", "event_handled", { event_id: "1" }),
  step("sales", "event_failed", { event_id: "1", outcome: "parked" }),
  step("customer", "event_awaited", { event_id: "1", outcome: "waiting" }),
];

test("an event is a line from the service that told it to each one that took it, failed at it or has yet to take it", () => {
  const { lanes, lines, from } = drawingOf(process);
  expect(lanes).toEqual(["contract", "finance", "sales", "customer"]);
  expect(lines.map((line) => [line.from, line.to])).toEqual([
    [
      { lane: 0, row: 1 },
      { lane: 1, row: 2 },
    ],
    [
      { lane: 0, row: 1 },
      { lane: 2, row: 3 },
    ],
    [
      { lane: 0, row: 1 },
      { lane: 3, row: 4 },
    ],
  ]);
  expect(from(process[2]!)).toBe("contract");
});

test("a step without the event it came from has no line", () => {
  expect(drawingOf([step("finance", "event_handled", { event_id: "gone" })]).lines).toEqual([]);
});

test("each step says whether it is done, on its way or stopped", () => {
  expect(process.map(toneOf)).toEqual(["done", "done", "done", "stopped", "waiting"]);
  expect(toneOf(step("sales", "event_failed", { outcome: "retrying" }))).toBe("retrying");
  expect(toneOf(step("sales", "operation", { outcome: "lead-closed" }))).toBe("stopped");
});
