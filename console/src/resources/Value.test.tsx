// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { beforeAll, expect, test } from "vitest";
import { surroundings } from "../api/testing";
import i18n, { speak, startLanguage } from "../i18n";
import { Value } from "./Value";

beforeAll(async () => {
  await startLanguage();
});

const show = (name: string, field: object, value: unknown, more: object = {}) =>
  render(<Value name={name} fields={{ [name]: field }} row={{ id: "1", [name]: value, ...more }} />, {
    wrapper: surroundings().Around,
  });

test("a choice is shown by what the contract calls it in the language of the reader", async () => {
  const field = { enum: ["open"], "enum-labels": { open: { zh: "进行中", en: "Open" } } };
  await speak("zh-CN");
  show("state", field, "open");
  expect(screen.getByText("进行中")).toBeTruthy();
  cleanup();
  await speak("en");
  show("state", field, "open");
  expect(screen.getByText("Open")).toBeTruthy();
  expect(i18n.language).toBe("en");
});

test("an amount is shown in the currency of its record", () => {
  show("amount", { money: "currency" }, "1200.50", { currency: "CNY" });
  expect(screen.getByText(/1,200\.50/)).toBeTruthy();
});

test("a browser is shown by what people call it, with what it calls itself as its title", () => {
  const said = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
  show("user_agent", {}, said);
  expect(screen.getByTitle(said).textContent).toBe("Chrome · Linux");
});

test("what is not known is a dash, and what has no kind is a text", () => {
  show("odd", {}, null);
  expect(screen.getByText("—")).toBeTruthy();
  cleanup();
  show("odd", {}, "something");
  expect(screen.getByText("something")).toBeTruthy();
});

test("a part of a record is shown by what its fields are called, and nothing of it is a dash", async () => {
  await speak("en");
  const condition = { type: "object", schema: "ApprovalCondition" };
  show("condition", condition, { nature: "income", amount_from: "10000.00", currency: "CNY" });
  expect(screen.getByRole("columnheader", { name: "Amount from" })).toBeTruthy();
  expect(screen.getByText("Income")).toBeTruthy();
  expect(screen.getByText("CN¥10,000.00")).toBeTruthy();
  cleanup();
  show("condition", condition, {});
  expect(screen.getByText("—")).toBeTruthy();
});
