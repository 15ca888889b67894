// @vitest-environment jsdom
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
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

test("a term that is moved twice is moved on from where the first move has put it", async () => {
  const asked = answering(() => ({ body: { ...TERM } }));
  const { Around } = surroundings();
  const second = { ...TERM, id: "2", code: "cars", label: { zh: "汽车", en: "Cars" }, position: 2 };
  const shown = (version: number) => (
    <Around>
      <Terms {...given} version={version} last={2} may terms={[TERM, second]} />
    </Around>
  );
  const { rerender } = render(shown(1));
  const moves = () => asked.filter((each) => each.startsWith("PATCH"));
  fireEvent.click(screen.getByRole("button", { name: "上移：汽车" }));
  await waitFor(() => expect(moves()).toHaveLength(1));
  const place = screen.getByRole("textbox", { name: "移到第几位：信息技术" });
  fireEvent.change(place, { target: { value: "2" } });
  fireEvent.keyDown(place, { key: "Enter", keyCode: 13 });
  expect(moves()).toEqual(["PATCH /v1/dictionaries/industry/terms/2"]);
  rerender(shown(2));
  await waitFor(() => expect(moves()).toHaveLength(2));
  expect(moves()[1]).toBe("PATCH /v1/dictionaries/industry/terms/1");
});
