// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { answering, inChinese, showPage } from "../../api/testing";
import "..";
import ApprovalPicture from "./ApprovalPicture";

inChinese("records");

/** What stands at each place of the way of an approval that waits for its first step, for somebody with these permissions. */
function waysFor(permissions: Record<string, string>) {
  answering((asked) => ({
    body: { items: asked === "GET /v1/roles" ? [{ id: "r", code: "finance", name: "财务" }] : [] },
  }));
  const pending = { step: 1, kind: "superior", account_id: "boss", state: "pending", comment: "" };
  const steps = [{ kind: "superior" }, { kind: "role", role: "finance" }, { kind: "superior" }];
  const row = { id: "1", state: "pending", step: 1, step_count: 3, history: [pending], steps };
  showPage(<ApprovalPicture row={row} />, { permissions });
  return screen.getAllByRole("listitem").map((item) => item.textContent);
}

test("whoever may not read the flow is told whom the next steps are for", () => {
  const [, , second, third] = waysFor({});
  expect(second).toBe("第 2 步 角色 finance 还没轮到");
  expect(third).toBe("第 3 步 申请人的直属上级 还没轮到");
});

test("a role is called by its name for whoever may read roles", async () => {
  waysFor({ "role.read": "all" });
  await screen.findByText("财务");
});
