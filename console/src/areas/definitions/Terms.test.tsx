// @vitest-environment jsdom
import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { answering, inChinese, surroundings } from "../../api/testing";
import { Terms } from "./Terms";

inChinese("admin");

const TERM = { id: "1", code: "it", label: { zh: "信息技术", en: "IT" }, position: 1, active: true, remark: null };
const given = { dictionary: "industry", version: 1, last: 1, onEdit: () => undefined };

function show(may: boolean) {
  answering(() => ({ body: {} }));
  const { Around } = surroundings();
  const shown = (terms: (typeof TERM)[]) => (
    <Around>
      <Terms {...given} may={may} terms={terms} />
    </Around>
  );
  const { rerender } = render(shown([]));
  expect(screen.getByText("没有符合的字典项")).toBeTruthy();
  rerender(shown([TERM]));
  return screen.getAllByRole("columnheader").map((header) => header.textContent);
}

test("terms may be moved and taken out of use once there are some", () => {
  expect(show(true)).toContain("选中");
  expect(screen.getByRole("row", { name: /信息技术/ }).draggable).toBe(true);
  expect(screen.getByRole("button", { name: "失效：信息技术" })).toBeTruthy();
});

test("whoever may change nothing chooses nothing", () => {
  expect(show(false)).not.toContain("选中");
  expect(screen.queryByRole("button")).toBeNull();
});
