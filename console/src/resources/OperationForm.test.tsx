// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { answering, later, surroundings } from "../api/testing";
import "../areas";
import { draftOf, keepDraft } from "./drafts";
import { OperationForm } from "./OperationForm";
import { resourceOf } from "./registry";

type Shown = Omit<Parameters<typeof OperationForm>[0], "submit" | "onDone"> & { onDone?: () => void };
function shown(form: Shown) {
  answering(() => ({ status: 200, body: { items: [] } }));
  render(<OperationForm submit="save" onDone={vi.fn()} {...form} />, { wrapper: surroundings({}).Around });
}
const written = (id: string) => document.querySelector<HTMLInputElement>(`input[id$="_${id}"]`)?.value;

test("what comes back of an earlier try is said, and can be cleared for a new one", () => {
  keepDraft("me.products", { values: { name: "云图", currency: "CNY" }, key: "one" });
  shown({ operation: "create_product", draft: "products", first: ["name"] });
  expect(screen.getByText(/form.restored/)).toBeTruthy();
  expect(written("name")).toBe("云图");
  fireEvent.click(screen.getByText("form.anew"));
  expect(screen.queryByText(/form.restored/)).toBeNull();
  expect(written("name")).toBe("");
  expect(draftOf("me.products").key).not.toBe("one");
});

test("a form that begins as always says nothing", () => {
  keepDraft("me.products", { values: { name: " ", unit: "套", currency: "CNY" }, key: "one" });
  shown({ operation: "create_product", draft: "products", first: ["name"], starts: { unit: "套" } });
  expect(screen.queryByText(/form.restored/)).toBeNull();
});

/** Types a name into the form of a product and sends it; returns what answers. */
async function sent(form: Partial<Shown> = {}) {
  const onDone = vi.fn();
  shown({ operation: "create_product", draft: "products", first: ["name"], onDone, ...form });
  const { answered, answer } = later();
  const asked = answering(() => answered);
  type("云图");
  fireEvent.click(screen.getByText("save"));
  await waitFor(() => expect(asked).toEqual(["POST /v1/products"]));
  return { onDone, answer };
}
const type = (name: string) =>
  fireEvent.change(document.querySelector('input[id$="_name"]')!, { target: { value: name } });

test("what is typed while a line is being saved is what the next line begins with", async () => {
  const { onDone, answer } = await sent({ inLine: true });
  const { key } = draftOf("me.products");
  type("云图 再打一个电话");
  await answer({ status: 201, body: { id: "1" } });
  await waitFor(() => expect(onDone).toHaveBeenCalledWith(expect.anything(), true, expect.anything()));
  expect(draftOf("me.products").values).toEqual({ name: "再打一个电话" });
  expect(draftOf("me.products").key).not.toBe(key);
});

test("Escape leaves a line, in which what was typed stays; a form of several fields keeps it", () => {
  for (const inLine of [true, false]) {
    shown({ operation: "create_product", draft: "products", first: ["name"], focus: "name", inLine });
    type("云图");
    const input = document.activeElement!;
    expect(input.id).toMatch(/_name$/);
    fireEvent.keyDown(input, { key: "Escape", isComposing: true });
    fireEvent.keyDown(input, { key: "Escape", keyCode: 229 });
    expect(document.activeElement).toBe(input);
    fireEvent.keyDown(input, { key: "Escape" });
    expect(document.activeElement === input).toBe(!inLine);
    expect(written("name")).toBe("云图");
    cleanup();
  }
  expect(draftOf("me.products").values).toEqual({ name: "云图" });
});

test("a form that is closed before it is answered leads nowhere, and the next one is another one", async () => {
  const { onDone, answer } = await sent();
  cleanup();
  expect(draftOf("me.products").values).toEqual({});
  keepDraft("me.products", { values: { name: "星图" }, key: "next" });
  await answer({ status: 201, body: { id: "1" } });
  await waitFor(() => expect(onDone).toHaveBeenCalledWith(expect.anything(), false, {}));
  expect(draftOf("me.products")).toEqual({ values: { name: "星图" }, key: "next" });
});

test("what was not done after all comes back to the next form, under its own key", async () => {
  const { onDone, answer } = await sent();
  const { key } = draftOf("me.products");
  cleanup();
  await answer({ status: 422, body: { detail: "no" } });
  await waitFor(() => expect(draftOf("me.products").values).toMatchObject({ name: "云图" }));
  expect(draftOf("me.products").key).toBe(key);
  expect(onDone).not.toHaveBeenCalled();
});

test("a lead is converted from its opportunity on, in the currency of the contract", () => {
  const action = resourceOf("leads")!.actions!.find((each) => each.operation === "convert_lead")!;
  const row = { id: "1", company_name: "蓝鲸科技", contact_name: "周敏" };
  const { asks, focus } = action;
  shown({ operation: "convert_lead", draft: "convert_lead.1", asks, focus, starts: action.starts!(row, "2026-11-26") });
  expect(document.activeElement?.id).toMatch(/_opportunity_name$/);
  expect(written("opportunity_name")).toBe("蓝鲸科技");
  expect(written("opportunity_currency")).toBe("CNY");
  const last = [...document.querySelectorAll("input")].at(-1);
  expect(last?.id).toMatch(/_customer_id$/);
});

test("what is booked for a receivable begins with what is open of it, as long as something is", () => {
  const open = { id: "1", status: "partial", outstanding_amount: "33000.00" };
  for (const name of ["receivables", "payables"]) {
    const [tab] = resourceOf(name)!.tabs!;
    expect(tab!.starts!(open)).toEqual({ amount: "33000.00" });
    expect(tab!.open!(open)).toBe(true);
    expect(tab!.open!({ ...open, status: "settled" })).toBe(false);
  }
});

test("what two forms on a page ask alike has a name of its own in each, and none that the page could have", () => {
  shown({ operation: "create_product", draft: "products", first: ["name"] });
  shown({ operation: "create_product", draft: "another", first: ["name"] });
  const ids = [...document.querySelectorAll('input[id$="name"]')].map((each) => each.id);
  expect(ids).toHaveLength(2);
  expect(new Set([...ids, "name"]).size).toBe(3);
  for (const id of ids) expect(document.querySelectorAll(`label[for="${id}"]`)).toHaveLength(1);
});
