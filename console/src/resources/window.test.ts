import { expect, test } from "vitest";
import { drawn, ROW, spaceAround } from "./window";

test("only what is seen is drawn, with a few rows beyond it", () => {
  expect(drawn(0, 10 * ROW)).toEqual({ from: 0, to: 20 });
  expect(drawn(1000 * ROW, 10 * ROW)).toEqual({ from: 990, to: 1020 });
});

test("what is not drawn takes its room, so that the bar of the table tells the truth", () => {
  const { above, below } = spaceAround(drawn(1000 * ROW, 10 * ROW), 5000);
  expect(above + 30 * ROW + below).toBe(5000 * ROW);
});

test("where there are fewer rows than fit, nothing is left over", () => {
  expect(spaceAround(drawn(0, 10 * ROW), 3)).toEqual({ above: 0, below: 0 });
});
