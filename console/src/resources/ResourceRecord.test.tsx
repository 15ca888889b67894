// @vitest-environment jsdom
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import { createElement } from "react";
import { MemoryRouter } from "react-router";
import { afterEach, expect, test, vi } from "vitest";
import { answering, surroundings } from "../api/testing";
import "../areas";
import { ResourceRecord } from "./ResourceRecord";
import { resourceOf } from "./registry";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("the tab of a record whose service is away is grey and says so, and its others are as ever", async () => {
  vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  const { Around, queries } = surroundings();
  queries.setQueryData(["me"], { id: "me", time_zone: "Asia/Shanghai", permissions: { "*": "all" } });
  answering((name) => {
    if (name.includes("receivables")) return { status: 503 };
    return { body: name.endsWith("/customers/1") ? { id: "1", name: "蓝鲸科技", can: [] } : { items: [] } };
  });
  const at = { initialEntries: ["/customers/1?tab=receivables"] };
  const page = <ResourceRecord resource={resourceOf("customers")!} id="1" />;
  render(createElement(MemoryRouter, at, page), { wrapper: Around });
  const grey = () => [...document.querySelectorAll(".record-tabs .away")].map((tab) => tab.textContent);
  await screen.findByRole("heading", { level: 1 });
  await waitFor(() => expect(grey()).toEqual(["nav.receivables nav.away"]));
  expect(document.querySelectorAll(".record-tabs a").length).toBeGreaterThan(2);
});
