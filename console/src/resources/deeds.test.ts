import { expect, test } from "vitest";
import { forgetKey, keyOf } from "./deeds";

test("a deed has one key until it is answered, and each deed its own", () => {
  const first = keyOf("submit_contract", { path: "1" });
  expect(keyOf("submit_contract", { path: "1" })).toBe(first);
  expect(keyOf("submit_contract", { path: "2" })).not.toBe(first);
  expect(keyOf("submit_contract", { path: "1", body: { remark: "in a hurry" } })).not.toBe(first);
  forgetKey("submit_contract", { path: "1" });
  expect(keyOf("submit_contract", { path: "1" })).not.toBe(first);
});

test("only what is posted has a key", () => {
  expect(keyOf("update_contract", { path: "1", body: { name: "x" } })).toBeUndefined();
});
