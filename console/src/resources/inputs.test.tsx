// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { Form } from "antd";
import type { ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { inChinese, surroundings } from "../api/testing";
import "../areas";
import type { Field } from "../api/meta";
import { countDaysBy } from "./days";
import { FormField } from "./FormFields";
import { readMoment } from "./reading";
import { forgetFaults } from "./refusals";

inChinese();
afterEach(() => countDaysBy(undefined));

const sent = vi.fn();
let asked = "one";
function Asked({ answers, children }: { answers: object; children: ReactNode }) {
  const [form] = Form.useForm();
  return (
    <Form form={form} initialValues={answers} onFinish={sent} onValuesChange={(changed) => forgetFaults(form, changed)}>
      {children}
    </Form>
  );
}
/** A form with one field, and what is in it at first. */
function ask(field: Field, value?: unknown, beside: object = {}, name = "one") {
  sent.mockReset();
  asked = name;
  const { Around } = surroundings({});
  const fields = { [name]: { label: { zh: "字段", en: "Field" }, ...field } };
  render(
    <Asked answers={{ [name]: value, ...beside }}>
      <FormField name={name} fields={fields} />
      <button type="submit">保存</button>
    </Asked>,
    { wrapper: Around },
  );
}
const input = () => screen.getByLabelText<HTMLInputElement>("字段");
function write(text: string) {
  fireEvent.focus(input());
  fireEvent.change(input(), { target: { value: text } });
  expect(input().value).toBe(text);
  fireEvent.blur(input());
}
const save = () => fireEvent.click(screen.getByText("保存"));

/** What is written comes to this, and is shown in the house's own way once one leaves it. */
async function means(text: string, value: unknown, shown = text) {
  write(text);
  await waitFor(() => expect(input().value).toBe(shown));
  save();
  await waitFor(() => expect(sent).toHaveBeenCalledWith({ [asked]: value }));
}

/** What is written is kept, and refused in these words. */
async function isRefused(text: string, words: string) {
  write(text);
  save();
  await screen.findByText(words);
  expect(input().value).toBe(text);
  expect(sent).not.toHaveBeenCalled();
}

const DAY = { type: "string", format: "date" };
const MOMENT = { type: "string", format: "date-time" };
const NUMBER = { type: "integer", minimum: 0, maximum: 100 };
const AMOUNT = { type: "string", money: true, pattern: "^[0-9]{1,12}(\\.[0-9]{1,2})?$" };

test("a day is taken as it is written, and what is none is kept and refused", async () => {
  ask(DAY);
  await means("2026年1月5日", "2026-01-05", "2026-01-05");
  sent.mockReset();
  await isRefused("2026-02-29", "字段请写成日历上有的日期，如 2026-11-26");
  await means("", undefined);
});

test("a day of a year that nobody means is shown as it is sent, and refused", async () => {
  for (const day of ["0050-01-01", "0000-01-01", "1899-12-31", "2201-01-01"]) {
    ask(DAY, day);
    expect(input().value).toBe(day);
    save();
    await screen.findByText("字段的年份请写在 1900 到 2200 之间");
    expect(sent).not.toHaveBeenCalled();
    cleanup();
  }
  ask(MOMENT);
  await isRefused("0050-01-01 09:00", "字段的年份请写在 1900 到 2200 之间");
  await means("1900-01-01 09:00", readMoment("1900-01-01 09:00"), "1900-01-01 09:00");
});

test("a day that is being written is not written anew before one leaves it", async () => {
  ask(DAY, "2026-11-30");
  for (const text of ["2026-11-3", "2026-11-", "2026-1-1", "2026-1-15"]) {
    fireEvent.change(input(), { target: { value: text } });
    expect(input().value).toBe(text);
  }
  await means("2026-1-15", "2026-01-15", "2026-01-15");
});

test("a moment is taken by the clock of the house", async () => {
  countDaysBy("Asia/Shanghai");
  ask(MOMENT, "2026-11-26T01:00:00Z");
  expect(input().value).toBe("2026-11-26 09:00");
  await means("2026/12/01 9:00", "2026-12-01T01:00:00.000Z", "2026-12-01 09:00");
  sent.mockReset();
  await isRefused("2026-12-01 25:00", "字段请写成日期和时间，如 2026-11-26 09:00");
});

test("a day that is chosen in the calendar takes the place of what was written", async () => {
  ask(DAY);
  write("2026-02-30");
  fireEvent.mouseDown(input());
  fireEvent.click(input());
  fireEvent.click(await screen.findByText("15"));
  save();
  await waitFor(() => expect(sent).toHaveBeenCalledOnce());
  expect(input().value).toMatch(/-15$/);
});

test("a number is neither cut to its bounds nor forgotten", async () => {
  ask(NUMBER, 7);
  await isRefused("101", "字段不能大于 100");
  await isRefused("-1", "字段不能小于 0");
  await isRefused("5.5", "字段请写成整数，如 12");
  await isRefused("abc", "字段请写成整数，如 12");
  await means("１０", 10, "10");
});

test("a comma that parts no thousands makes no other amount", async () => {
  ask(AMOUNT);
  await isRefused("12,50", "字段请写成数字，如 1234.50");
  await isRefused("1,5", "字段请写成数字，如 1234.50");
  await means("¥1,234.50", "1234.50", "1234.50");
  sent.mockReset();
  await means(".5", "0.5", "0.5");
});

test("of an amount it is said what is wrong with it, and no more once it is written anew", async () => {
  ask(AMOUNT);
  await isRefused("-5", "字段不能小于 0");
  fireEvent.change(input(), { target: { value: "-" } });
  await waitFor(() => expect(screen.queryByText("字段不能小于 0")).toBeNull());
  await isRefused("1.234", "字段小数点后最多 2 位");
  await isRefused("1234567890123", "字段太大：小数点前最多 12 位");
});

test("an amount is as fine as what it is in, and one that is paid is more than nothing", async () => {
  const pattern = "^(?=.*[1-9])[0-9]{1,15}(\\.[0-9]{1,4})?$";
  ask({ type: "string", money: "currency", pattern }, undefined, { currency: "CNY" });
  await isRefused("0", "字段必须大于 0");
  await isRefused("-5", "字段必须大于 0");
  await isRefused("1.2345", "字段小数点后最多 2 位");
  await means("1.2000", "1.2000");
});

test("what a table of currencies may not know is left to the server", async () => {
  ask({ type: "string", money: "currency", pattern: "^[0-9]{1,15}(\\.[0-9]{1,4})?$" }, undefined, { currency: "KWD" });
  await means("1.234", "1.234");
});

test("a choice is found by its first characters", async () => {
  const told = { phone: { zh: "电话", en: "Phone" }, mail: { zh: "邮件", en: "Mail" } };
  ask({ type: "string", enum: ["phone", "mail"], "enum-labels": told });
  fireEvent.mouseDown(input());
  fireEvent.change(input(), { target: { value: "邮" } });
  await waitFor(() => expect(document.querySelectorAll(".ant-select-item-option")).toHaveLength(1));
  fireEvent.keyDown(input(), { key: "Enter", keyCode: 13 });
  save();
  await waitFor(() => expect(sent).toHaveBeenCalledWith({ one: "mail" }));
});

test("a phone number stays as it is written, in half width", async () => {
  ask({ type: "string", maxLength: 50 }, undefined, {}, "mobile");
  await means("１３９ ０００１－１１１１ 转８", "139 0001-1111 转8", "139 0001-1111 转8");
});

test("a text that is too long is kept as a whole and refused", async () => {
  ask({ type: "string", maxLength: 5 });
  await isRefused("云图科技有限公司", "字段最多 5 个字，现在有 8 个");
  await means("𠮷野家科技", "𠮷野家科技");
});

test("a record that is looked for and not chosen is no answer", async () => {
  ask({ reference: "customer", format: "uuid" }, "蓝鲸");
  save();
  expect(await screen.findByText("请从找到的字段中选一个：“蓝鲸”还没有选中")).toBeTruthy();
  expect(screen.getByText("蓝鲸")).toBeTruthy();
  expect(sent).not.toHaveBeenCalled();
});
