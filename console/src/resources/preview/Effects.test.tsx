// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { inChinese, showPage } from "../../api/testing";
import "../../areas";
import { changeOf, isDeciding, shareOf } from "./changes";
import { PreviewButton } from "./PreviewButton";

inChinese("preview", "permissions");

const none = { count: 0, more: false, samples: [] };
const answer = {
  people: [
    {
      account_id: "2",
      display_name: "王芳",
      nouns: [
        {
          noun: "customer",
          level: "view",
          gains: { count: 1000, more: true, samples: [{ id: "7", title: "云图科技" }] },
          loses: none,
        },
        { noun: "customer", level: "edit", gains: none, loses: { count: 2, more: false, samples: [] } },
      ],
    },
  ],
  looked_at: 20,
  left_out: 3,
  unavailable: ["finance"],
};
const change = { kind: "role", role_id: "1", permissions: { "customer.read": "all" } };

function asking(given: object | undefined, body: object = answer) {
  const sent: unknown[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo, init?: RequestInit) => {
    sent.push(await new Request(input, init).json());
    return Response.json(body);
  });
  showPage(<PreviewButton change={() => given as typeof change | undefined} />, { id: "1", permissions: {} }, "/");
  return sent;
}

test("a press shows who gains and loses what, with samples, and who was left out", async () => {
  const sent = asking(change);
  fireEvent.click(screen.getByRole("button", { name: "预览影响" }));
  const list = await screen.findByRole("list", { name: "王芳" });
  const lines = within(list).getAllByRole("listitem");
  expect(lines.map((each) => each.textContent)).toEqual([
    "新增 客户：可多查看 1000+ 条 如 云图科技",
    "失去 客户：2 条不再能编辑",
  ]);
  expect(screen.getByText("已比较 20 人。")).toBeTruthy();
  expect(screen.getByText("另有 3 人可能受影响，未逐一比较。")).toBeTruthy();
  expect(screen.getByText(/没有答复/)).toBeTruthy();
  expect(sent).toEqual([{ change }]);
});

test("where nothing changes it says so", async () => {
  asking(change, { people: [], looked_at: 1, left_out: 0, unavailable: [] });
  fireEvent.click(screen.getByRole("button", { name: "预览影响" }));
  expect(await screen.findByText(/没有人会新增或失去/)).toBeTruthy();
});

test("what is wrong with a form is not asked about", async () => {
  const sent = asking(undefined);
  fireEvent.click(screen.getByRole("button", { name: "预览影响" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(sent).toEqual([]);
});

test("only what decides who reaches what can be looked at before", () => {
  const [accounts, customers] = [{ noun: "account" }, { noun: "customer" }];
  expect(isDeciding(accounts, "department_id")).toBe(true);
  expect(isDeciding(accounts, "email")).toBe(false);
  expect(isDeciding(customers, "owner_id")).toBe(false);
  expect(changeOf(accounts, "1", { manager_id: null })).toEqual({ kind: "account", account_id: "1", manager_id: null });
  expect(changeOf(accounts, "1", { email: "a" })).toBeUndefined();
  expect(shareOf("share_customer", "7", { level: "view" })).toEqual({
    kind: "share",
    noun: "customer",
    id: "7",
    level: "view",
  });
});
