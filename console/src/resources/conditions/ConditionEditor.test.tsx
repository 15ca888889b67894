// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { answering, inChinese, showPage } from "../../api/testing";
import "../../areas";
import { searches } from "../../api/conditions";
import i18n from "../../i18n";
import texts from "../../i18n/zh-CN/conditions.json";
import { resourceOf } from "../registry";
import { ConditionEditor } from "./ConditionEditor";
import { useOffered } from "./offered";
import type { Tree } from "./tree";

inChinese();

const CUSTOMERS = resourceOf("customers")!;

type Given = { value?: Tree; ofList: boolean; onChange: (tree: Tree | undefined) => void };

function Editor({ value, ofList, onChange }: Given) {
  const offered = useOffered(searches[CUSTOMERS.list]!.terms, ofList ? CUSTOMERS : undefined);
  return <ConditionEditor offered={offered} value={value} onChange={onChange} />;
}

const INDUSTRY = {
  key: "industry",
  open: true,
  terms: [{ id: "1", code: "it", label: { zh: "信息技术", en: "IT" }, position: 1, active: true, remark: null }],
};

function show(value?: Tree, ofList = true) {
  i18n.addResourceBundle("zh-CN", "translation", texts, true, true);
  answering((asked) => ({ body: asked.endsWith("/industry") ? INDUSTRY : { items: [], next: null } }));
  const onChange = vi.fn();
  showPage(<Editor value={value} ofList={ofList} onChange={onChange} />, { permissions: { "*": "all" } });
  return { last: () => onChange.mock.lastCall?.[0] };
}

async function choose(label: string, option: string) {
  const input = screen.getByLabelText(label, { selector: "input" });
  fireEvent.mouseDown(input);
  fireEvent.change(input, { target: { value: option } });
  const found = await waitFor(() => {
    const [first] = screen.getAllByText(option).filter((each) => each.closest(".ant-select-item-option"));
    expect(first).toBeTruthy();
    return first!;
  });
  fireEvent.click(found);
}

test("a condition is a field, a comparison and a value of its kind", async () => {
  const { last } = show();
  fireEvent.click(screen.getByRole("button", { name: /添加条件$/ }));
  expect(last()).toBeUndefined();
  await choose("条件 1 的字段", "客户名称");
  expect(last()).toBeUndefined();
  fireEvent.change(screen.getByLabelText("条件 1 的值"), { target: { value: "云图" } });
  expect(last()).toEqual({ all: [{ field: "name", operator: "eq", value: "云图" }] });
  fireEvent.click(screen.getByRole("button", { name: "删除条件 1" }));
  expect(last()).toBeUndefined();
});

test("conditions that stand in an address are there to be changed, groups within groups too", async () => {
  const name = { field: "name", operator: "contains", value: "云" };
  const quiet = { field: "created_at", operator: "within_last", value: 30 };
  const { last } = show({ all: [name, { not: { any: [quiet] } }] });
  expect(screen.getByLabelText<HTMLInputElement>("条件 2.1 的值").value).toBe("30");
  fireEvent.change(screen.getByLabelText("条件 2.1 的值"), { target: { value: "7" } });
  fireEvent.blur(screen.getByLabelText("条件 2.1 的值"));
  await waitFor(() => expect(last()).toEqual({ all: [name, { not: { any: [{ ...quiet, value: 7 }] } }] }));
  fireEvent.click(screen.getByRole("button", { name: "删除条件组 2" }));
  expect(last()).toEqual({ all: [name] });
});

test("whom a word means is offered beside the people", async () => {
  const { last } = show({ all: [{ field: "owner_id", operator: "in", value: ["me"] }] });
  expect(screen.getByText("我")).toBeTruthy();
  await choose("条件 1 的值", "我的部门及下级");
  expect(last()).toEqual({
    all: [{ field: "owner_id", operator: "in", value: ["me", "my_department_and_below"] }],
  });
});

test("where nobody asks, no word means whoever does", async () => {
  show({ all: [{ field: "owner_id", operator: "in", value: [] }] }, false);
  fireEvent.mouseDown(screen.getByLabelText("条件 1 的值", { selector: "input" }));
  await screen.findByText("没有找到");
  expect(screen.queryByText("我的部门及下级")).toBeNull();
});

test("a term of a dictionary is chosen by its label", async () => {
  const { last } = show({ all: [{ field: "industry", operator: "eq", value: "x" }] });
  fireEvent.mouseDown(screen.getByLabelText("条件 1 的值", { selector: "input" }));
  fireEvent.click(await screen.findByText("信息技术", { selector: ".ant-select-item-option-content" }));
  expect(last()).toEqual({ all: [{ field: "industry", operator: "eq", value: "it" }] });
});

test("a part of what stands in a dictionary is typed", () => {
  const { last } = show({ all: [{ field: "industry", operator: "contains", value: "x" }] });
  fireEvent.change(screen.getByLabelText("条件 1 的值"), { target: { value: "信息" } });
  expect(last()).toEqual({ all: [{ field: "industry", operator: "contains", value: "信息" }] });
});

test("a condition on a field that is no longer there says so", () => {
  show({ all: [{ field: "colour", operator: "eq", value: "red" }] });
  const field = screen.getByLabelText("条件 1 的字段", { selector: "input" });
  expect(document.getElementById(field.getAttribute("aria-describedby")!)?.textContent).toContain("已经不存在");
});
