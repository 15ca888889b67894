// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { answering, inChinese, showPage } from "../api/testing";
import "../areas";
import { countDaysBy } from "./days";
import FilterPanel from "./FilterPanel";
import { resourceOf } from "./registry";

inChinese();
afterEach(() => countDaysBy(undefined));

/** The filters of the opportunities, and the address that they write into. */
function show(at = "/") {
  answering(() => ({ body: { items: [] } }));
  countDaysBy("Asia/Shanghai");
  const panel = <FilterPanel resource={resourceOf("opportunities")!} onClose={vi.fn()} />;
  const { router } = showPage(panel, { permissions: { "*": "all" } }, at);
  const narrowedBy = () => Object.fromEntries(new URLSearchParams(router.state.location.search));
  return { narrowedBy };
}
const write = (label: string, text: string) => {
  const input = screen.getByLabelText<HTMLInputElement>(label);
  fireEvent.change(input, { target: { value: text } });
  fireEvent.blur(input);
};

test("a list is narrowed by a day however it is written, and by nothing that is none", async () => {
  const { narrowedBy } = show();
  write("预计成交日期 从", "2026年1月5日");
  await waitFor(() => expect(narrowedBy()).toEqual({ "filter[expected_close_on][gte]": "2026-01-05" }));
  write("创建时间 到", "2026/1/5");
  await waitFor(() => expect(narrowedBy()["filter[created_at][lte]"]).toBe("2026-01-05T15:59:59.999Z"));
  write("预计成交日期 从", "2026-02-29");
  await screen.findByText("预计成交日期请写成日历上有的日期，如 2026-11-26");
  expect(screen.getByLabelText<HTMLInputElement>("预计成交日期 从").value).toBe("2026-02-29");
  expect(narrowedBy()["filter[expected_close_on][gte]"]).toBe("2026-01-05");
});

test("a list is narrowed by an amount, and by no other one than is written", async () => {
  const { narrowedBy } = show();
  write("预计金额 从", "¥1,234.50");
  await waitFor(() => expect(narrowedBy()).toEqual({ "filter[amount][gte]": "1234.50" }));
  write("预计金额 从", "12,50");
  await screen.findByText("预计金额请写成数字，如 1234.50");
  expect(narrowedBy()).toEqual({ "filter[amount][gte]": "1234.50" });
});

test("what empties a choice is called so in the reader's language", () => {
  show("/?filter[stage][in]=won&filter[customer_id][in]=1");
  expect(screen.getAllByLabelText("清空")).toHaveLength(2);
  expect(screen.queryByLabelText("Clear")).toBeNull();
});
