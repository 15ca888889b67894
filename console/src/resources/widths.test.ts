import { expect, test } from "vitest";
import "../areas";
import { fieldsOf, resourceOf } from "./registry";
import { widthsOf } from "./widths";

/** What a window of 1280 pixels has beside the navigation. */
const ROOM = 1047;

test.each(["receivables", "contracts", "leads", "opportunities", "cases", "receipts"])(
  "all columns of the %s are seen on a small screen",
  (name) => {
    const resource = resourceOf(name)!;
    const sum = widthsOf(resource.columns, fieldsOf(resource)).reduce((all, width) => all + width, 0);
    expect(sum).toBeLessThanOrEqual(ROOM);
  },
);

test("a number has the room for all of its fifteen characters, wherever it stands", () => {
  const fields = { name: {}, number: {}, contract_number: {}, owner_id: { reference: "account" } };
  const [name, number, other, owner] = widthsOf(Object.keys(fields), fields);
  expect(number).toBeGreaterThan(15 * 9);
  expect(other).toBe(number);
  expect(name).toBeGreaterThan(number!);
  expect(owner).toBeLessThan(number!);
});
