// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { type Answer, inChinese, showPage } from "../../api/testing";
import "../../areas";
import { offersNow } from "../offers";
import { ResourceRecord } from "../ResourceRecord";
import { resourceOf } from "../registry";
import { offeredOf } from "./offered";

inChinese("records");
/** antd parts two characters where nobody tells it not to. */
const SHARE = /^共 ?享$/;

const [ME, WANG, LI, SALES] = ["1", "2", "3", "4"].map((digit) => `01936f3a-7c00-7000-8000-00000000000${digit}`);
const given = { granted_by: ME, granted_at: "2026-11-20T08:00:00+00:00" };
const share = {
  id: "9",
  to: { kind: "account", id: WANG, name: "王芳" },
  level: "view",
  security_from: 10,
  security_to: 50,
  until: null,
  ...given,
};
const member = { id: LI, account_id: LI, role: "custodian", level: "edit", ...given };
const customer = { id: "7", name: "云图科技", version: 1 };
const permissions = { "customer.read": "all", "customer.write": "all", "account.read": "all" };

type Sent = { name: string; key: string | null; body: unknown };

/** The page of a customer, and what is asked there; `answers` are those that are not as usual. */
async function customerPage(can: string[], answers: (name: string, url: URL) => Answer | undefined = () => undefined) {
  const sent: Sent[] = [];
  const people = [ME, WANG, LI].map((id) => ({ id, display_name: { [WANG!]: "王芳", [LI!]: "李雷" }[id!] ?? "赵四" }));
  const usual: Record<string, object> = {
    "GET /v1/customers/7": { ...customer, can },
    "GET /v1/customers/7/shares": { items: [share] },
    "GET /v1/customers/7/team": { items: [member] },
    "GET /v1/accounts": { items: people, next: null },
  };
  vi.stubGlobal("fetch", async (input: RequestInfo, init?: RequestInit) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const name = `${request.method} ${url.pathname}`;
    const body = request.method === "POST" ? await request.json() : undefined;
    if (request.method !== "GET") sent.push({ name, key: request.headers.get("Idempotency-Key"), body });
    const { status = 200, body: answer } = answers(name, url) ?? { body: usual[name] ?? { items: [], next: null } };
    return Response.json(answer ?? {}, { status });
  });
  showPage(<ResourceRecord resource={resourceOf("customers")!} id="7" />, { id: ME, permissions }, "/customers/7");
  await screen.findByRole("heading", { name: "云图科技" });
  return sent;
}

const offered = () => offersNow().map(({ name }) => name);
const open = (name: string) =>
  offersNow()
    .find((each) => each.name === name)!
    .run();

async function sharing(answers?: (name: string) => Answer | undefined) {
  const sent = await customerPage(["share_customer", "add_customer_member"], answers);
  await waitFor(() => open("共享"));
  const dialog = await screen.findByRole("dialog", { name: "共享“云图科技”" });
  return { sent, dialog };
}

/** Chooses in an input by its label what is called so. */
async function choose(within_: HTMLElement, label: string, option: string) {
  fireEvent.mouseDown(within(within_).getByLabelText(label));
  const found = await screen.findAllByText(option, { selector: ".ant-select-item-option-content" });
  fireEvent.click(found.at(-1)!);
}

test("what may be given to others is what the contract offers below a noun's address", () => {
  expect(offeredOf(resourceOf("customers")!)).toEqual({
    shares: { list: "list_customer_shares", add: "share_customer", remove: "unshare_customer" },
    team: { list: "list_customer_team", add: "add_customer_member", remove: "remove_customer_member" },
    access: "explain_customer_access",
  });
  expect(offeredOf(resourceOf("contracts")!).team).toBeUndefined();
  expect(offeredOf(resourceOf("products")!)).toEqual({});
});

test("whoever may not share a record is offered only to look who sees it", async () => {
  await customerPage([]);
  expect(offered()).toContain("谁能看到");
  expect(offered()).not.toContain("共享");
});

test("the window says with whom it is shared, how far and by whom, and who is on the team", async () => {
  const { dialog } = await sharing();
  const row = (await within(dialog).findByRole("cell", { name: "王芳" })).closest("tr")!;
  expect(row.textContent).toContain("查看");
  expect(row.textContent).toContain("10–50");
  await waitFor(() => expect(row.textContent).toContain("赵四"));
  const joined = (await within(dialog).findByText("李雷")).closest("tr")!;
  expect(joined.textContent).toContain("协管人");
  await within(joined).findByRole("button", { name: "移出团队：李雷" });
});

test("it is shared with somebody who is found by name, under one key also after a refusal beside its field", async () => {
  const refusal = { code: "invalid", message: "输入有误", errors: [{ field: "to.id", message: "没有这个人" }] };
  let refused = false;
  const { sent, dialog } = await sharing((name) => {
    if (name !== "POST /v1/customers/7/shares") return undefined;
    refused = !refused;
    return refused ? { status: 422, body: refusal } : { status: 201, body: share };
  });
  await within(dialog).findByText("李雷");
  await choose(dialog, "个人", "李雷");
  const send = within(dialog).getByRole("button", { name: SHARE });
  fireEvent.click(send);
  expect(await within(dialog).findByText("没有这个人")).toBeTruthy();
  fireEvent.click(send);
  await screen.findByText("已共享，立即生效");
  expect(sent).toHaveLength(2);
  expect(sent[1]!.body).toEqual({
    to: { kind: "account", id: LI },
    level: "view",
    security_from: 10,
    security_to: 100,
  });
  expect(sent[0]!.key).toBeTruthy();
  expect(sent[0]!.key).toBe(sent[1]!.key);
});

test("everyone needs no name", async () => {
  const { sent, dialog } = await sharing();
  await within(dialog).findByText("李雷");
  await choose(dialog, "对象类型", "所有人");
  await waitFor(() => expect(within(dialog).queryByLabelText("个人")).toBeNull());
  fireEvent.click(within(dialog).getByRole("button", { name: SHARE }));
  await screen.findByText("已共享，立即生效");
  expect((sent[0]!.body as Record<string, unknown>).to).toEqual({ kind: "everyone" });
});

test("a share is changed for the one whose it is, and taken back after a question", async () => {
  const { sent, dialog } = await sharing();
  const row = (await within(dialog).findByRole("cell", { name: "王芳" })).closest("tr")!;
  fireEvent.click(within(row).getByRole("button", { name: "修改：王芳" }));
  await choose(dialog, "权限", "编辑");
  fireEvent.click(within(dialog).getByRole("button", { name: "保存修改" }));
  await screen.findByText("共享已修改，立即生效");
  expect(sent[0]!.body).toEqual({
    to: { kind: "account", id: WANG },
    level: "edit",
    security_from: 10,
    security_to: 50,
  });
  fireEvent.click(within(row).getByRole("button", { name: "收回共享：王芳" }));
  const [question] = await screen.findAllByText(/确定收回吗/);
  const box = question!.closest<HTMLElement>("[role=dialog]")!;
  fireEvent.click(within(box).getByRole("button", { name: "收回共享" }));
  await screen.findByText("共享已收回，立即生效");
  expect(sent.at(-1)!.name).toBe("DELETE /v1/customers/7/shares/9");
});

const access = {
  account_id: ME,
  level: "view",
  because: [
    {
      rule: "share",
      through: { kind: "department", id: SALES, name: "华东销售部" },
      level: "view",
      scope: null,
      until: null,
    },
    {
      rule: "team",
      through: { kind: "account", id: ME, name: "赵四" },
      level: "edit",
      scope: null,
      until: "2027-01-05T04:00:00+00:00",
    },
  ],
  why_not: [],
  others: [
    { rule: "owner", through: { kind: "account", id: WANG, name: "王芳" }, level: "edit", scope: null, until: null },
    { rule: "share", through: { kind: "role", id: SALES, name: null }, level: "view", scope: null, until: null },
    { rule: "team", through: { kind: "account", id: ME, name: "赵四" }, level: "edit", scope: null, until: null },
  ],
};

test("sentences say why I see a record and who else does; a role whose name I may not read is called by its kind", async () => {
  await customerPage([], (name) => (name.endsWith("/access") ? { body: access } : undefined));
  await waitFor(() => open("谁能看到"));
  const mine = await screen.findByRole("list", { name: "为什么我能看到" });
  const said = (list: HTMLElement) =>
    within(list)
      .getAllByRole("listitem")
      .map((each) => each.textContent);
  expect(said(mine)[0]).toBe("已共享给部门“华东销售部”，您在其中，可以查看。");
  expect(said(mine)[1]).toMatch(/^您在团队里，可以编辑，有效期至 2027/);
  const others = screen.getByRole("list", { name: "还有谁能看到" });
  expect(said(others)).toEqual(["王芳可以编辑：负责人。", "角色可以查看：已共享。"]);
});

const unsaid = { permission: null, scope: null, through: null, security_from: null, security_to: null, until: null };
const kept = {
  account_id: LI,
  level: "none",
  because: [],
  why_not: [
    { ...unsaid, rule: "scope", level: "view", permission: "customer.read", scope: "own" },
    {
      ...unsaid,
      rule: "security-level",
      level: "view",
      through: { kind: "department", id: SALES, name: "华东销售部" },
      security_from: 10,
      security_to: 50,
    },
  ],
  others: [],
};

test("whoever is chosen is asked about, and sentences say what keeps them out", async () => {
  const asked: string[] = [];
  await customerPage([], (name, url) => {
    if (!name.endsWith("/access")) return undefined;
    asked.push(url.searchParams.get("account_id") ?? "me");
    return { body: url.searchParams.has("account_id") ? kept : access };
  });
  await waitFor(() => open("谁能看到"));
  await screen.findByRole("list", { name: "为什么我能看到" });
  const who = screen.getByRole("combobox", { name: "查询谁" });
  fireEvent.mouseDown(who);
  fireEvent.click(await screen.findByText("李雷", { selector: ".ant-select-item-option-content" }));
  expect(await screen.findByText("此人看不到。")).toBeTruthy();
  const lacks = within(screen.getByRole("list", { name: "为什么此人不能做更多" })).getAllByRole("listitem");
  expect(lacks.map((each) => each.textContent)).toEqual([
    "有“客户：查看”权限，但权限范围“本人”不包括负责人。",
    "已共享给部门“华东销售部”，但只限安全级别 10 至 50。",
  ]);
  expect(asked).toEqual(["me", LI]);
});
