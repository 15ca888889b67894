// @vitest-environment jsdom
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import "../areas";
import { answering, surroundings } from "../api/testing";
import { FoldedFacts } from "./Facts";
import { resourceOf } from "./registry";

test("where there is little room the chief facts stand alone until one wants all", () => {
  answering(() => ({ body: { items: [] } }));
  const row = {
    id: "1",
    company_name: "蓝鲸科技",
    contact_name: "周敏",
    status: "new",
    priority: "medium",
    mobile: "13900001111",
    source: null,
    title: "经理",
    created_at: "2026-11-26T09:00:00Z",
  };
  render(<FoldedFacts resource={resourceOf("leads")!} row={row} />, { wrapper: surroundings({}).Around });
  // Neither what the head says already nor what nobody has filled in.
  const values = () => [...document.querySelectorAll("dd")].map((each) => each.textContent);
  expect(values()).toHaveLength(4);
  expect(values().slice(0, 3)).toEqual(["周敏", expect.anything(), "13900001111"]);
  expect(screen.queryByText("经理")).toBeNull();
  fireEvent.click(screen.getByText("record.unfold"));
  expect(screen.getByText("经理")).toBeTruthy();
  expect(values()).toContain("蓝鲸科技");
  fireEvent.click(screen.getByText("record.fold"));
  expect(values()).toHaveLength(4);
});
