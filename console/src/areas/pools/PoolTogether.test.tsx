// @vitest-environment jsdom
import { fireEvent, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { answering, inChinese, showPage } from "../../api/testing";
import { resourceOf } from "../../resources/registry";
import ".."; // The areas, which register what they have pages for.
import PoolTogether from "./PoolTogether";

inChinese("records");

const rows = [
  { id: "1", company_name: "甲公司" },
  { id: "2", company_name: "乙公司" },
];
const keeper = { permissions: { "lead.read": "own", "lead.write": "own", "pool.read": "all" } } as const;
const show = (done: () => void, address: string) =>
  showPage(<PoolTogether resource={resourceOf("leads")!} rows={rows} onDone={done} />, keeper, address);
const named = (name: RegExp) => screen.findAllByRole("button", { name });

test("of several that are claimed together each is told what became of it, and then nothing is chosen", async () => {
  const asked = answering((name) =>
    name.includes("/2/")
      ? { status: 409, body: { code: "already-claimed", detail: "已经被别人领取了。" } }
      : { body: {} },
  );
  const done = vi.fn();
  show(done, "/leads?scope=pool");
  fireEvent.click((await named(/^领\s?取$/))[0]!);
  fireEvent.click((await named(/^领\s?取$/)).at(-1)!);
  await screen.findByText("成功 1 条，未成功 1 条。");
  expect(asked.filter((each) => each.endsWith("/claim"))).toEqual(["POST /v1/leads/1/claim", "POST /v1/leads/2/claim"]);
  expect(screen.getByRole("row", { name: /甲公司/ }).textContent).toContain("成功");
  expect(screen.getByRole("row", { name: /乙公司/ }).textContent).toContain("已经被别人领取了。");
  expect(done).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("button", { name: "知道了" }));
  expect(done).toHaveBeenCalledOnce();
});

test("on a list of one's own they are laid into a pool, and nothing is claimed", async () => {
  const asked = answering(() => ({ body: {} }));
  show(vi.fn(), "/leads?scope=mine");
  expect(screen.queryByRole("button", { name: /^领\s?取$/ })).toBeNull();
  fireEvent.click((await named(/^退回公海$/))[0]!);
  fireEvent.click((await named(/^退回公海$/)).at(-1)!);
  await screen.findByText("成功 2 条，未成功 0 条。");
  expect(asked.filter((each) => each.endsWith("/return"))).toHaveLength(2);
});
