import { expect, test } from "vitest";
import { settled, summed } from "./exact";

test("a part of what is open stays open", () => {
  expect(settled("54000.00", "4000.5")).toEqual({ settles: "4000.50", stays: "49999.50", over: undefined });
});

test("what is more than is open is left over", () => {
  expect(settled("100.00", "100.01")).toEqual({ settles: "100.00", stays: "0.00", over: "0.01" });
});

test("no digit of a large amount is lost, and a currency without parts of its unit has none", () => {
  expect(settled("900719925474099.33", "0.01")!.stays).toBe("900719925474099.32");
  expect(settled("1200", "200")).toEqual({ settles: "200", stays: "1000", over: undefined });
});

test("what is no amount yet says nothing", () => {
  for (const typed of ["1,0", "", "-1", "0", "0.00", "0.001"]) expect(settled("100.00", typed)).toBeUndefined();
  expect(settled("1200", "0.5")).toBeUndefined();
});

test("a sum loses no digit of large amounts", () => {
  expect(summed(["90071992547409.91", "0.02", "-1.00"])).toBe("90071992547408.93");
  expect(summed(["-0.50", "0.2"])).toBe("-0.30");
  expect(summed(["5", "7"])).toBe("12");
  expect(summed([])).toBe("0");
});
