import { describe, expect, test } from "vitest";
import "..";
import { operations } from "../../api/meta";
import en from "../../i18n/en/workbench.json";
import zh from "../../i18n/zh-CN/workbench.json";
import { fieldsOf, resourceOf } from "../../resources/registry";
import { allOf, blocks, quietFor } from "./blocks";
import { counted } from "./Clock";
import { stepsFor } from "./steps";

const TODAY = { today: "2026-11-26", zone: "Asia/Shanghai" };

describe.each(blocks.map((block) => [block.name, block] as const))("the block %s", (name, block) => {
  const resource = resourceOf(block.resource)!;

  test("asks by filters and in an order that the contract has", () => {
    const { scope, sort, ...filters } = block.address(TODAY);
    const { queries, sort: sorts } = operations[resource.list];
    if (scope) expect(resource.scopes).toHaveProperty([scope]);
    expect(queries).toEqual(expect.arrayContaining(Object.keys(filters)));
    expect(sorts).toContain(sort);
  });

  test("shows fields that there are, and has its texts in both languages", () => {
    expect(Object.keys(fieldsOf(resource))).toEqual(expect.arrayContaining(block.facts));
    for (const texts of [zh, en])
      expect(Object.keys(texts.workbench[name as "leads"])).toEqual(["title", "empty", "next"]);
  });
});

test("the link to all of a block is the list with its filters", () => {
  const stalled = blocks.find(({ name }) => name === "stalled")!;
  const url = new URL(allOf(stalled, TODAY), "http://kehu");
  expect(url.pathname).toBe("/opportunities");
  expect(url.searchParams.get("scope")).toBe("mine");
  expect(url.searchParams.get("filter[quiet_since][lte]")).toBe("2026-11-12T15:59:59.999Z");
});

test("an opportunity is stalled when nothing was done for fourteen days of the house, whatever the hour", () => {
  const row = { id: "1", created_at: "2026-11-01T08:00:00Z" };
  expect(quietFor(row, TODAY)).toBe(25);
  // The last minute of the 12th in Shanghai, as the list asks for, and the first one of the 13th.
  expect(quietFor({ ...row, last_activity_at: "2026-11-12T15:59:00Z" }, TODAY)).toBe(14);
  expect(quietFor({ ...row, last_activity_at: "2026-11-12T16:00:00Z" }, TODAY)).toBeUndefined();
});

test("what is late is told by the days of the house, not by hours", () => {
  // In Shanghai this is still the 25th, and the 26th a minute later.
  expect(counted("due", "2026-11-25T15:59:00Z", TODAY)).toEqual({ text: "overdue", days: 1 });
  expect(counted("due", "2026-11-25T16:00:00Z", TODAY)).toEqual({ text: "today", days: 0 });
  expect(counted("due", "2026-12-01", TODAY)).toEqual({ text: "left", days: 5 });
  expect(counted("since", "2026-11-20T08:00:00Z", TODAY)).toEqual({ text: "waits", days: 6 });
});

test("a first step that is done on a record's page finds it by filters that the contract has", () => {
  const { on } = stepsFor(() => true).find(({ name }) => name === "activity")!;
  expect(operations[on!.list].queries).toContain(on!.mine);
  expect(operations[on!.list].sort).toContain("-created_at");
  expect(on!.page("1")).toBe("/customers/1?write=1");
});

test("a beginner has four steps at most, of what they may do, and the phone at the end", () => {
  const named = (allowed: (name?: string) => boolean) => stepsFor(allowed).map(({ name }) => name);
  expect(named(() => true)).toEqual(["customer", "activity", "case", "phone"]);
  expect(named((name) => name === "create_receipt")).toEqual(["receivables", "keys", "phone"]);
  for (const texts of [zh, en])
    expect(texts.workbench.begin).toEqual(expect.objectContaining({ keys: expect.any(String) }));
});
