// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepFocus } from "./focus";

const button = (name: string, inside: Element = document.body) => {
  const made = document.createElement("button");
  made.textContent = name;
  inside.append(made);
  return made;
};
/** A window as libraries show one: in the body, beside the page. */
const open = () => document.body.appendChild(document.createElement("div"));
/** A MutationObserver tells a moment later. */
const soon = () => new Promise((done) => setTimeout(done));

let content: HTMLElement;
let end: () => void;
beforeEach(() => {
  content = document.body.appendChild(document.createElement("main"));
  content.tabIndex = -1;
  end = keepFocus(() => content);
});
afterEach(() => {
  end();
  document.body.replaceChildren();
});

test("a window that closes gives the focus back to what has opened it", async () => {
  const opener = button("open", content);
  opener.focus();
  const [first, second] = [open(), open()];
  button("in the first", first).focus();
  button("in the second", second).focus();
  second.remove();
  await soon();
  expect(document.activeElement?.textContent).toBe("in the first");
  first.remove();
  await soon();
  expect(document.activeElement).toBe(opener);
});

test("where that is gone too, the content of the page has it", async () => {
  const opener = button("open", content);
  opener.focus();
  const dialog = open();
  button("inside", dialog).focus();
  opener.remove();
  dialog.remove();
  await soon();
  expect(document.activeElement).toBe(content);
});

test("what has taken the focus meanwhile keeps it", async () => {
  button("open", content).focus();
  const dialog = open();
  button("inside", dialog).focus();
  dialog.remove();
  const next = button("next", content);
  next.focus();
  await soon();
  expect(document.activeElement).toBe(next);
});
