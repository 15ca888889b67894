import { expect, test } from "vitest";
import { groupsOf } from "../resources/Facts";
import { opportunities } from "./sales";

test("what an opportunity is worth is where it is won and where its contract is made; nothing, where nobody said so", () => {
  const { actions, tabs } = opportunities;
  const win = actions!.find(({ operation }) => operation === "win_opportunity")!;
  const deal = { id: "1", customer_id: "2", amount: "54000.00", currency: "USD" };
  expect(win.starts!(deal, "2026-11-26")).toEqual({ closed_on: "2026-11-26", amount: "54000.00" });
  expect(tabs![0]!.starts!(deal)).toEqual({ customer_id: "2", amount: "54000.00", currency: "USD" });
  expect(win.starts!({ ...deal, amount: "0.00" }, "2026-11-26").amount).toBeUndefined();
});

test("why it was lost stands on the page of an opportunity that was, and of no other", () => {
  const shown = (status: string) => groupsOf(opportunities, { id: "1", status }).flatMap(([, names]) => names);
  expect(shown("lost")).toContain("reason");
  expect(shown("lost")).not.toContain("probability");
  for (const status of ["open", "won"]) expect(shown(status)).not.toContain("reason");
});
