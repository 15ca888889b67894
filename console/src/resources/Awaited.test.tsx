// @vitest-environment jsdom
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { Input, Modal } from "antd";
import { type KeyboardEvent, useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import "../api/testing";
import { Awaited } from "./Awaited";
import { lazily } from "./lazily";
import { keyListener, useShortcut } from "./shortcuts";

const beneath = vi.fn();
const entered = vi.fn();
const listen = keyListener(() => false);
beforeEach(() => window.addEventListener("keydown", listen));
afterEach(() => {
  window.removeEventListener("keydown", listen);
  vi.clearAllMocks();
});

/** A window with one field, which has the focus. */
function Window() {
  const [text, setText] = useState("");
  const press = ({ key }: KeyboardEvent) => key === "Enter" && entered(text);
  return (
    <Modal open>
      <Input
        autoFocus
        aria-label="field"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={press}
      />
    </Modal>
  );
}

/** A page on which `c` has opened a window that is being fetched; returns what lets it come, or not. */
function opened() {
  const { promise, resolve, reject } = Promise.withResolvers<{ default: typeof Window }>();
  const Fetched = lazily(() => promise);
  function Page() {
    const [open, setOpen] = useState(false);
    useShortcut("create", () => {
      beneath();
      setOpen(true);
    });
    useShortcut("edit", beneath);
    return (
      <>
        <input aria-label="search" />
        {open && (
          <Awaited onClose={() => setOpen(false)} shows="being fetched">
            <Fetched />
          </Awaited>
        )}
      </>
    );
  }
  render(<Page />);
  press("c");
  expect(screen.getByText("being fetched")).toBeTruthy();
  return {
    come: () => act(async () => resolve({ default: Window })),
    fail: () => act(async () => reject(new Error())),
  };
}
const press = (...keys: string[]) => {
  for (const key of keys) fireEvent.keyDown(document.activeElement!, { key });
};
const field = () => screen.findByLabelText<HTMLInputElement>("field");

test("what is typed before a window is there is for its field, and for nothing on the page beneath", async () => {
  const { come } = opened();
  press("c", "e", "x", "Backspace", "客", "Enter");
  expect(beneath).toHaveBeenCalledTimes(1);
  await come();
  await waitFor(async () => expect((await field()).value).toBe("ce客"));
  await waitFor(() => expect(entered.mock.calls).toEqual([["ce客"]]));
});

test("no field of the page takes it either, and keys with Ctrl stay the browser's", () => {
  opened();
  const search = screen.getByLabelText("search");
  expect(fireEvent.keyDown(search, { key: "r", ctrlKey: true })).toBe(true);
  expect(fireEvent.keyDown(search, { key: "r" })).toBe(false);
  fireEvent.pointerDown(search);
  expect(fireEvent.keyDown(search, { key: "r" })).toBe(true);
});

test("Escape leaves a window that is not there yet, and keys are the page's again", () => {
  opened();
  press("e", "Escape");
  expect(screen.queryByText("being fetched")).toBeNull();
  press("e");
  expect(beneath).toHaveBeenCalledTimes(2);
});

test("a window that cannot be had takes no keys", async () => {
  const { fail } = opened();
  await fail();
  await screen.findByText("error.part");
  press("e", "e");
  expect(beneath).toHaveBeenCalledTimes(3);
});
