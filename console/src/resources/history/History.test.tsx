// @vitest-environment jsdom
import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { answering, showPage } from "../../api/testing";
import "../../areas";
import { ResourceRecord } from "../ResourceRecord";
import { resourceOf } from "../registry";

const entry = { correlation_id: "9", record_version: 2, address: "203.0.113.7", actor_id: "5" };
const changes = { grade: ["B", "A"], phone: ["010 1234", null] };
const items = [
  { ...entry, id: "2", at: "2026-11-22T08:00:00+00:00", kind: "changed", operation: "update_customer", changes },
  { ...entry, id: "1", at: "2026-11-21T08:00:00+00:00", kind: "viewed", operation: "get_customer", changes: {} },
];

test("a record's history tells who changed which field from what to what, when and from where", async () => {
  answering((name) => {
    if (name.includes("/history")) return { body: { items, next: null } };
    if (name.includes("/accounts")) return { body: { items: [{ id: "5", display_name: "王芳" }], next: null } };
    if (name.includes("/dictionaries/")) return { body: { terms: [] } };
    return { body: name.endsWith("/customers/1") ? { id: "1", name: "蓝鲸科技", can: [] } : { items: [], next: null } };
  });
  const page = <ResourceRecord resource={resourceOf("customers")!} id="1" />;
  showPage(page, { permissions: { "*": "all" } }, "/customers/1?tab=history");
  const list = await screen.findByRole("list", { name: "history.title" });
  const [change, look] = await within(list).findAllByRole("listitem");
  expect(await within(change!).findByText("王芳")).toBeTruthy();
  expect(change!.querySelector("time")!.dateTime).toBe("2026-11-22T08:00:00+00:00");
  expect(change!.textContent).toContain("history.from");
  const facts = [...change!.querySelectorAll("dl > div")].map((fact) => [
    fact.querySelector("del")!.textContent,
    fact.querySelector("ins")!.textContent,
  ]);
  expect(facts).toEqual([
    ["history.old: B", "history.new: A"],
    ["history.old: 010 1234", "history.new: history.nothing"],
  ]);
  expect(look!.textContent).toContain("history.kind.viewed");
  expect(look!.textContent).not.toContain("get_customer");
  expect(look!.querySelector("dl")).toBeNull();
});
