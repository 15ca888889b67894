// @vitest-environment jsdom
import { expect, test } from "vitest";
import { answering, showPage } from "../api/testing";
import "../areas";
import { ListCards } from "./ListCards";
import type { useList } from "./queries";
import { resourceOf } from "./registry";

/** The facts of the card of a record, in the order in which they stand. */
function factsOf(name: string, row: object) {
  answering(() => ({ body: {} }));
  const list = { rows: [{ id: "1", ...row }] } as unknown as ReturnType<typeof useList>;
  showPage(<ListCards resource={resourceOf(name)!} list={list} nothing={null} />);
  return [...document.querySelectorAll(".facts > *")].map((each) => each.textContent);
}

test("each fact of a card stands for itself", () => {
  const product = { name: "云图", code: "APP-FS", unit: "套", price: "6800.00", active: true };
  expect(factsOf("products", product)).toEqual(["APP-FS", "套"]);
});

test("what says nothing without its name is no fact of a card", () => {
  const role = { name: "销售", code: "sales", permissions: { list_leads: "own" }, ready: true };
  expect(factsOf("roles", role)).toEqual(["sales"]);
});

test("whom to speak to stands on the card of a lead, with where to reach them", () => {
  const lead = {
    company_name: "蓝鲸科技",
    contact_name: "周敏",
    status: "new",
    priority: "medium",
    mobile: "13900001111",
  };
  const [person, , mobile] = factsOf("leads", lead);
  expect([person, mobile]).toEqual(["周敏", "13900001111"]);
});
