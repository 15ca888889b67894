// @vitest-environment jsdom
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { answering, showPage } from "../api/testing";
import "../areas";
import { ResourceRecord } from "./ResourceRecord";
import { resourceOf } from "./registry";

test("the tab of a record whose service is away is grey and says so, and its others are as ever", async () => {
  answering((name) => {
    if (name.includes("receivables")) return { status: 503 };
    return { body: name.endsWith("/customers/1") ? { id: "1", name: "蓝鲸科技", can: [] } : { items: [] } };
  });
  const page = <ResourceRecord resource={resourceOf("customers")!} id="1" />;
  showPage(page, { permissions: { "*": "all" } }, "/customers/1?tab=receivables");
  const grey = () => [...document.querySelectorAll(".record-tabs .away")].map((tab) => tab.textContent);
  await screen.findByRole("heading", { level: 1 });
  await waitFor(() => expect(grey()).toEqual(["nav.receivables nav.away"]));
  expect(document.querySelectorAll(".record-tabs a").length).toBeGreaterThan(2);
});
