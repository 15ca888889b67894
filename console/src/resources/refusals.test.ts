import { expect, test } from "vitest";
import { Problem } from "../api/problem";
import { filledIn } from "./filledIn";
import { inWords } from "./permissions/named";
import { faultsIn, whyOf } from "./refusals";

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

test("what one may not do is named as roles name it", () => {
  expect(whyOf(new Problem(403, { detail: "需要权限 customer.write。" }))).toBe("需要权限 “客户：新建和编辑”。");
  expect(inWords("This needs the permission bus.operate.", "en")).toBe(
    "This needs the permission “Event bus: Operate”.",
  );
  expect(inWords("Look at kehu.example and customer.colour.", "en")).toBe("Look at kehu.example and customer.colour.");
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
