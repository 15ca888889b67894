// @vitest-environment jsdom
import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { answering, inChinese, showPage } from "../api/testing";
import "../areas";
import { offersNow } from "./offers";
import { ResourceRecord } from "./ResourceRecord";
import { resourceOf } from "./registry";

inChinese("records");

/** The page of a customer for somebody who works at the service desk, and what it offers in the end. */
async function customerPage() {
  const customer = { id: "1", name: "云图科技", version: 1, can: [] };
  answering((asked) => ({ body: asked === "GET /v1/customers/1" ? customer : { items: [] } }));
  const permissions = { "customer.read": "all", "case.read": "all", "case.write": "all" };
  showPage(<ResourceRecord resource={resourceOf("customers")!} id="1" />, { permissions }, "/customers/1");
  await screen.findByRole("heading", { name: "云图科技" });
}

test("what one may make for a record is offered whichever tab is shown, and begins there", async () => {
  await customerPage();
  const offers = offersNow();
  expect(offers.map(({ name }) => name)).toEqual(["谁能看到", "新建工单"]);
  act(() => offers[1]!.run());
  expect(await screen.findByRole("dialog", { name: "新建工单" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "服务工单" }).getAttribute("aria-current")).toBe("page");
});
