// @vitest-environment jsdom
import { fireEvent, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { answering, inChinese, showPage } from "../../api/testing";
import "..";
import DecideTogether from "./DecideTogether";

inChinese("records");

const rows = [
  { id: "1", title: "甲合同" },
  { id: "2", title: "乙合同" },
];

test("of several that are agreed to together each is told what became of it, and then nothing is chosen", async () => {
  const items = [
    { id: "1", done: true, state: "approved", code: null },
    { id: "2", done: false, state: null, code: "approval-already-decided" },
  ];
  const asked = answering((name) => ({ body: name.endsWith("/bulk-decide") ? { items } : {} }));
  const done = vi.fn();
  showPage(<DecideTogether rows={rows} onDone={done} />);
  fireEvent.click(screen.getByRole("button", { name: /^同\s?意$/ }));
  fireEvent.click((await screen.findAllByRole("button", { name: /^同\s?意$/ })).at(-1)!);
  await screen.findByText("成功 1 条，未成功 1 条。");
  expect(asked).toContain("POST /v1/approvals/bulk-decide");
  expect(screen.getByRole("row", { name: /甲合同/ }).textContent).toContain("已同意，审批通过");
  expect(screen.getByRole("row", { name: /乙合同/ }).textContent).toContain("已经有人审批过了");
  expect(done).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("button", { name: "知道了" }));
  expect(done).toHaveBeenCalledOnce();
});

test("more than the server takes at once cannot be decided", () => {
  answering(() => ({}));
  const many = Array.from({ length: 101 }, (_, index) => ({ id: String(index), title: "合同" }));
  showPage(<DecideTogether rows={many} onDone={vi.fn()} />);
  expect(screen.getByText(/一次最多 100 条/)).toBeTruthy();
  expect((screen.getByRole("button", { name: /^同\s?意$/ }) as HTMLButtonElement).disabled).toBe(true);
});
