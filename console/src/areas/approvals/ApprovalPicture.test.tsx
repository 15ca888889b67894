// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { answering, inChinese, showPage } from "../../api/testing";
import "..";
import ApprovalPicture from "./ApprovalPicture";
import type { Seat, Task } from "./way";

inChinese("records");

const pending = { step: 1, kind: "superior", account_id: "boss", state: "pending", comment: "" };
const steps = [{ kind: "superior" }, { kind: "role", role: "finance" }, { kind: "superior", height: 2 }];
const waiting = { id: "1", state: "pending", step: 1, step_count: 3, history: [pending], steps };

/** What stands at each place of the way of an approval, for somebody with these permissions. */
function waysFor(permissions: Record<string, string>, row: Parameters<typeof ApprovalPicture>[0]["row"] = waiting) {
  answering((asked) => ({
    body: { items: asked === "GET /v1/roles" ? [{ id: "r", code: "finance", name: "财务" }] : [] },
  }));
  showPage(<ApprovalPicture row={row} />, { permissions });
  return screen.getAllByRole("listitem").map((item) => item.textContent);
}

test("whoever may not read the flow is told whom the next steps are for", () => {
  const [, , second, third] = waysFor({});
  expect(second).toBe("第 2 步 角色 finance 还没轮到");
  expect(third).toBe("第 3 步 申请人往上第 2 级的上级 还没轮到");
});

test("a role is called by its name for whoever may read roles", async () => {
  waysFor({ "role.read": "all" });
  await screen.findByText("财务");
});

const seat = (said: Partial<Seat>) =>
  ({ step: 1, because: "flow", state: "pending", comment: "", account_id: said.id, ...said }) as Seat;
const task = (said: Partial<Task>) => ({ kind: "person", state: "pending", comment: "", ...said }) as Task;

test("people side by side are told with what each answered, why they are asked, and for whom", () => {
  const asked = [
    seat({ id: "a", account_name: "王芳", state: "approved", decided_by_id: "a", comment: "可以" }),
    seat({ id: "b", account_name: "李雷", because: "added", by_name: "王芳", note: "看看条款", required: true }),
    seat({ id: "c", account_name: "赵敏", step: 2, state: "handed_on", decided_by_id: "c" }),
    seat({ id: "d", account_name: "钱进", step: 2, because: "handed_on", by_name: "赵敏" }),
    seat({ id: "e", account_name: "孙亮", step: 2, state: "approved", decided_by_id: "f", on_behalf_of_name: "孙亮" }),
  ];
  const history = [task({ step: 1 }), task({ step: 2 })];
  const row = { id: "1", state: "pending", step_count: 2, stages: [{ steps: [1, 2] }], history, asked, reminders: 2 };
  const [begun, stage, first, second] = waysFor({}, row);
  expect(begun).toContain("已催办 2 次");
  expect(stage).toContain("2 步并行");
  expect(first).toMatch(/王芳 已同意.*可以.*李雷 待处理 必须同意.*加签（王芳）.*看看条款/);
  expect(second).toMatch(/赵敏 已转交.*钱进 待处理.*转交（赵敏）.*孙亮 已同意.*代 孙亮/);
});

test("what an administrator decided in the place of who is asked is told beside them", () => {
  const history = [
    task({ step: 1, state: "approved", decided_by_id: "x", decided_by_name: "管理员", as_administrator: true }),
  ];
  const asked = [seat({ id: "a", account_name: "王芳", state: "passed" })];
  const [, step] = waysFor({}, { id: "1", state: "approved", step_count: 1, history, asked });
  expect(step).toMatch(/王芳 无需处理.*管理员 已通过.*（管理员代为审批）/);
});
