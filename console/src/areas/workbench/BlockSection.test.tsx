// @vitest-environment jsdom
import { act, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { answering, showPage } from "../../api/testing";
import { BlockSection } from "./BlockSection";
import { blocks } from "./blocks";
import "..";

test("rows that a block has already stay when they cannot be read anew, with a line that says so", async () => {
  let status = 503;
  const row = { id: "1", number: "L-1", contact_name: "周敏", created_at: "2026-11-26T09:00:00Z" };
  answering(() => ({ status, body: { items: [row], total: 1, next: null } }));
  const leads = blocks.find(({ name }) => name === "leads")!;
  const section = <BlockSection block={leads} day={{ today: "2026-11-26", zone: "Asia/Shanghai" }} />;
  const { queries } = showPage(section, { permissions: { "*": "all" } });
  await screen.findByRole("alert");
  status = 200;
  const readAnew = () => act(() => queries.invalidateQueries({ queryKey: ["leads", "block"] }));
  await readAnew();
  await screen.findByRole("link", { name: "周敏" });
  expect(screen.queryByRole("alert")).toBeNull();
  status = 503;
  await readAnew();
  await screen.findByText("error.notFresh");
  expect(screen.getByRole("link", { name: "周敏" })).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
});
