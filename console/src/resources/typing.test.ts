// @vitest-environment jsdom
import type { KeyboardEvent } from "react";
import { expect, test } from "vitest";
import { leaves } from "./typing";

const form = document.createElement("form");
form.innerHTML = '<input><input role="combobox" aria-expanded="true"><div class="ant-picker"><input></div>';
const [input, opened, day] = form.querySelectorAll("input");
const press = (target: Element, key = "Escape", composing: object = {}) =>
  leaves({ key, nativeEvent: composing, target, currentTarget: form } as unknown as KeyboardEvent<HTMLElement>);

test("Escape leaves a field", () => {
  expect(press(input!)).toBe(true);
  expect(press(input!, "Enter")).toBe(false);
});

test("but not the one that ends an input method's word, a list, or a window above it", () => {
  expect(press(input!, "Escape", { isComposing: true })).toBe(false);
  expect(press(input!, "Escape", { keyCode: 229 })).toBe(false);
  expect(press(opened!)).toBe(false);
  expect(press(document.createElement("button"))).toBe(false);
  expect(press(day!)).toBe(true);
  document.body.innerHTML = '<div class="ant-picker-dropdown"></div>';
  expect(press(day!)).toBe(false);
});
