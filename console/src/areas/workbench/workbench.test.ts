import { describe, expect, test } from "vitest";
import "..";
import { operations } from "../../api/meta";
import en from "../../i18n/en/workbench.json";
import zh from "../../i18n/zh-CN/workbench.json";
import { fieldsOf, resourceOf } from "../../resources/registry";
import { allOf, blocks, followUps, quietFor, requests, type Source } from "./blocks";
import { counted } from "./Clock";
import { stepsFor } from "./steps";
import { type Line, woven } from "./useBlock";

const TODAY = { today: "2026-11-26", zone: "Asia/Shanghai" };

const listed = blocks.flatMap((block) => block.sources.map((source) => ({ block, source, name: source.resource })));

describe.each(listed.map((each) => [`${each.block.name} of ${each.name}`, each] as const))("%s", (_name, each) => {
  const { source, block } = each;
  const resource = resourceOf(source.resource)!;

  test("asks by filters and in an order that the contract has", () => {
    const { scope, sort, ...filters } = source.address(TODAY);
    const { queries, sort: sorts } = operations[resource.list];
    if (scope) expect(resource.scopes).toHaveProperty([scope]);
    expect(queries).toEqual(expect.arrayContaining(Object.keys(filters)));
    expect(sorts).toContain(sort);
  });

  test("shows fields that there are, and says which of several lists it is", () => {
    expect(Object.keys(fieldsOf(resource))).toEqual(expect.arrayContaining(source.facts));
    expect(source.called !== undefined).toBe(block.sources.length > 1);
  });
});

test.each(blocks.map(({ name }) => name))("the block %s has its texts in both languages", (name) => {
  for (const texts of [zh, en])
    expect(Object.keys(texts.workbench[name as "leads"])).toEqual(["title", "empty", "next"]);
});

test("what is due with customers, leads and opportunities is one list, by the day", () => {
  const due = (resource: string, at: string): Line => ({
    source: followUps.sources.find((source) => source.resource === resource)!,
    resource: resourceOf(resource)!,
    row: { id: at, next_contact_at: at },
  });
  const lines = [
    due("activities", "2026-11-22T08:00:00Z"),
    due("activities", "2026-11-25T08:00:00Z"),
    due("lead-activities", "2026-11-21T08:00:00Z"),
    due("opportunity-activities", "2026-11-24T08:00:00Z"),
  ];
  expect(woven(lines, followUps).map(({ row }) => row.id.slice(8, 10))).toEqual(["21", "22", "24", "25"]);
  const [first] = woven(lines, followUps);
  expect(first!.source.leads!({ id: "1", lead_id: "7" })).toBe("/leads/7");
});

test("of one's requests the open ones come first, the oldest first, and then how the others ended", () => {
  const [pending, decided] = requests.sources;
  const line = (source: Source, state: string, day: string): Line => ({
    source,
    resource: resourceOf("approvals")!,
    row: { id: day, state, created_at: `2026-11-${day}T08:00:00Z` },
  });
  const lines = [
    line(pending!, "pending", "20"),
    line(pending!, "pending", "24"),
    line(decided!, "rejected", "25"),
    line(decided!, "approved", "19"),
  ];
  expect(woven(lines, requests).map(({ row }) => row.id)).toEqual(["20", "24", "25", "19"]);
});

test("the link to all of a block is the list with its filters", () => {
  const stalled = blocks.find(({ name }) => name === "stalled")!;
  const url = new URL(allOf(stalled.sources[0]!, TODAY), "http://kehu");
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
