// @vitest-environment jsdom
import { fireEvent, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { answering, inChinese, showPage } from "../../api/testing";
import "..";
import { Card } from "./Card";

inChinese();

/** A card of the one that owns it; `can` is what its record says. */
function show(owner: string, scope: string, can: string[] = []) {
  const card = { id: "1", version: 1, name: "云图续约", owner_id: owner, stage: "prospecting" };
  const asked = answering((name) => ({
    body: name === "GET /v1/opportunities/1" ? { ...card, can } : { items: [], next: null },
  }));
  showPage(
    <Card
      card={card}
      day={{ today: "2026-11-26", zone: "Asia/Shanghai" }}
      busy={false}
      stages={["engaging"]}
      named={(stage) => stage}
      onMove={vi.fn()}
      ends={["won", "lost"]}
      onEnd={vi.fn()}
    />,
    { permissions: { "opportunity.read": "all", "opportunity.write": scope } },
  );
  return asked.filter((name) => name.includes("opportunities"));
}
const menu = () => screen.queryByRole("button", { name: "移动“云图续约”" });
const offered = async () => (await screen.findAllByRole("menuitem")).map((item) => item.textContent);

test("a colleague's card is not to be moved by whoever may only change their own", () => {
  show("colleague", "own");
  expect(menu()).toBeNull();
});

test("a menu offers what the record lets one do now, and asks for it when it opens", async () => {
  const before = show("colleague", "department", ["advance_opportunity", "lose_opportunity"]);
  expect(before).toEqual([]);
  fireEvent.click(menu()!);
  expect(await offered()).toEqual(["移到engaging", "lost…"]);
});

test("a menu of a record with which one may do nothing says so", async () => {
  show("colleague", "department");
  fireEvent.click(menu()!);
  expect(await offered()).toEqual(["您不能移动这个商机"]);
});
