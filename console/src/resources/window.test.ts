import { expect, test } from "vitest";
import { drawn, isCut, ROW, spaceAround } from "./window";

test("only what is seen is drawn, with a few rows beyond it", () => {
  expect(drawn(0, 10 * ROW)).toEqual({ from: 0, to: 20 });
  expect(drawn(1000 * ROW, 10 * ROW)).toEqual({ from: 990, to: 1020 });
});

test("what is not drawn takes its room, so that the bar of the table tells the truth", () => {
  const { above, below } = spaceAround({ ...drawn(1000 * ROW, 10 * ROW), row: ROW }, 5000);
  expect(above + 30 * ROW + below).toBe(5000 * ROW);
});

test("where there are fewer rows than fit, nothing is left over", () => {
  expect(spaceAround({ ...drawn(0, 10 * ROW), row: ROW }, 3)).toEqual({ above: 0, below: 0 });
});

test("where a reader's type is larger, rows are as high as they were measured", () => {
  expect(drawn(1000 * 50, 10 * 50, 50)).toEqual({ from: 990, to: 1020 });
  expect(spaceAround({ from: 990, to: 1020, row: 50 }, 1030)).toEqual({ above: 49_500, below: 500 });
});

test("a table that is wider than its place is cut off until it is scrolled to its end", () => {
  expect(isCut({ scrollWidth: 1400, clientWidth: 1000, scrollLeft: 0 })).toBe(true);
  expect(isCut({ scrollWidth: 1400, clientWidth: 1000, scrollLeft: 400 })).toBe(false);
  expect(isCut({ scrollWidth: 1000, clientWidth: 1000, scrollLeft: 0 })).toBe(false);
});
