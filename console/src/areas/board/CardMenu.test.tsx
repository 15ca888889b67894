// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { answering, inChinese, later, showPage } from "../../api/testing";
import "..";
import { CardMenu } from "./CardMenu";

inChinese();

/** The menus of two cards whose records come when a test says so. */
function showTwo() {
  const cards = ["1", "2"].map((id) => ({ id, version: 1, name: `商机${id}`, owner_id: "me", stage: "prospecting" }));
  const records = cards.map((card) => ({ card, ...later() }));
  answering((asked) => records.find(({ card }) => asked === `GET /v1/opportunities/${card.id}`)?.answered ?? {});
  const moving = { stages: ["engaging"], named: (stage: string) => stage, onMove: vi.fn(), ends: [], onEnd: vi.fn() };
  const menus = cards.map((card) => <CardMenu key={card.id} card={card} {...moving} />);
  const { queries } = showPage(menus, { permissions: { "opportunity.read": "all", "opportunity.write": "all" } });
  const press = (id: string) => {
    const button = screen.getByRole("button", { name: `移动“商机${id}”` });
    fireEvent.pointerDown(button);
    fireEvent.click(button);
  };
  const answer = async (id: string) => {
    const { card, answer } = records.find((each) => each.card.id === id)!;
    await answer({ body: { ...card, can: ["advance_opportunity"] } });
    const queryKey = queries
      .getQueryCache()
      .getAll()
      .find((query) => query.queryKey.includes(id))!.queryKey;
    await waitFor(() => expect(queries.isFetching({ queryKey })).toBe(0));
  };
  return { press, answer };
}
const offered = () => screen.queryAllByRole("menuitem").map((item) => item.textContent);

test("of two menus asked for one after the other the last one opens alone", async () => {
  const { press, answer } = showTwo();
  press("1");
  press("2");
  await answer("1");
  await answer("2");
  await waitFor(() => expect(offered()).toEqual(["移到engaging"]));
});

test.each([
  ["presses elsewhere", () => fireEvent.pointerDown(document.body)],
  ["presses Escape", () => fireEvent.keyDown(document.body, { key: "Escape" })],
  ["goes on by Tab", () => fireEvent.focusIn(document.body)],
])("a menu does not open any more for somebody who %s meanwhile", async (_, turn) => {
  const { press, answer } = showTwo();
  press("1");
  turn();
  await answer("1");
  expect(offered()).toEqual([]);
  // It has been forgotten, and not only come too late: the next one opens.
  press("2");
  await answer("2");
  await waitFor(() => expect(offered()).toEqual(["移到engaging"]));
});
