// @vitest-environment jsdom
import { act, cleanup, render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { answering, surroundings } from "../api/testing";
import "../areas";
import { speak, startLanguage } from "../i18n";
import { offersNow } from "./offers";
import { ResourceRecord } from "./ResourceRecord";
import { resourceOf } from "./registry";

beforeAll(async () => {
  await startLanguage();
  await speak("zh-CN");
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** What jsdom has not; there is nothing to measure here. */
class Measures {
  observe() {}
  unobserve() {}
  disconnect() {}
}

/** The page of a customer for somebody who works at the service desk, and what it offers in the end. */
async function customerPage() {
  vi.stubGlobal("matchMedia", () => ({
    matches: true,
    addEventListener() {},
    removeEventListener() {},
    addListener() {},
  }));
  vi.stubGlobal("ResizeObserver", Measures);
  const customer = { id: "1", name: "云图科技", version: 1, can: [] };
  answering((asked) => ({ body: asked === "GET /v1/customers/1" ? customer : { items: [] } }));
  const { Around, queries } = surroundings();
  const permissions = { "customer.read": "all", "case.read": "all", "case.write": "all" };
  queries.setQueryData(["me"], { id: "me", time_zone: "Asia/Shanghai", permissions });
  render(
    <MemoryRouter initialEntries={["/customers/1"]}>
      <ResourceRecord resource={resourceOf("customers")!} id="1" />
    </MemoryRouter>,
    { wrapper: Around },
  );
  await screen.findByRole("heading", { name: "云图科技" });
}

test("what one may make for a record is offered whichever tab is shown, and begins there", async () => {
  await customerPage();
  const offers = offersNow();
  expect(offers.map(({ name }) => name)).toEqual(["新建工单"]);
  act(() => offers[0]!.run());
  expect(await screen.findByRole("dialog", { name: "新建工单" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "服务工单" }).getAttribute("aria-current")).toBe("page");
});
