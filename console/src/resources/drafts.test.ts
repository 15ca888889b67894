// @vitest-environment jsdom
import { expect, test } from "vitest";
import { draftOf, dropDraft, keepDraft } from "./drafts";

test("a draft lies in the tab until it is dropped, and no password with it", () => {
  const values = { username: "wang.fang", password: "a", current_password: "b", new_password: "c" };
  keepDraft("accounts", { values, key: "one" });
  expect(draftOf("accounts")).toEqual({ values: { username: "wang.fang" }, key: "one" });
  keepDraft("me.edit.accounts.1.password", { values: { mine: "d" }, key: "" });
  expect(Object.keys(sessionStorage)).toHaveLength(1);
  dropDraft("accounts");
  expect(draftOf("accounts").values).toEqual({});
});
