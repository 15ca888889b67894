// @vitest-environment jsdom
import { render, renderHook } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { surroundings } from "../api/testing";
import { GO, KEYS, keyListener, type Shortcut, useHint, useShortcut } from "./shortcuts";

function Offers({ name, run }: { name: Shortcut; run: (key: string) => void }) {
  useShortcut(name, run);
  return <input aria-label="text" />;
}
const press = (key: string, more: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 0,
  target: document.body as EventTarget,
  preventDefault: vi.fn(),
  ...more,
});
test("a key does what the page that is shown offers, and nothing after it", () => {
  const [create, go] = [vi.fn(), vi.fn(() => false)];
  const listen = keyListener(go);
  const { unmount } = render(<Offers name="create" run={create} />);
  listen(press("c"));
  unmount();
  listen(press("c"));
  expect(create).toHaveBeenCalledTimes(1);
  expect(go).not.toHaveBeenCalled();
});

test("no key is taken from whoever types, composes or holds another key", () => {
  const create = vi.fn();
  const listen = keyListener(() => false);
  const { getByLabelText } = render(<Offers name="create" run={create} />);
  listen(press("c", { target: getByLabelText("text") }));
  listen(press("c", { isComposing: true }));
  // Safari ends the word first, and sends its last key then.
  listen(press("c", { keyCode: 229 }));
  for (const held of ["ctrlKey", "metaKey", "altKey"]) listen(press("c", { [held]: true }));
  expect(create).not.toHaveBeenCalled();
});

test("the letter of a place counts for a moment after g, and is no shortcut then", () => {
  const [create, go] = [vi.fn(), vi.fn((letter: string) => letter === "c")];
  let time = 0;
  const listen = keyListener(go, () => time + 10_000);
  render(<Offers name="create" run={create} />);
  listen(press(GO));
  const letter = press("c");
  listen(letter);
  expect(go).toHaveBeenCalledWith("c");
  expect(letter.preventDefault).toHaveBeenCalled();
  listen(press(GO));
  time = 2_000;
  listen(press("c"));
  expect([go.mock.calls.length, create.mock.calls.length]).toEqual([1, 1]);
});

test("a digit is the place of a tab", () => {
  const tab = vi.fn();
  render(<Offers name="tab" run={tab} />);
  const listen = keyListener(() => false);
  for (const digit of ["0", "2"]) listen(press(digit));
  expect(tab.mock.calls).toEqual([["2"]]);
});

test("who has switched them off is told of none", () => {
  const { Around, queries } = surroundings();
  const told = (single_keys: boolean) => {
    queries.setQueryData(["me"], { preferences: { single_keys } });
    return renderHook(() => useHint(), { wrapper: Around }).result.current(KEYS.create);
  };
  expect(told(true)).toBe("c");
  expect(told(false)).toBeUndefined();
});

test("no two keys are the same, nor the one that leads to places", () => {
  const keys = [...Object.values(KEYS), GO];
  expect(new Set(keys).size).toBe(keys.length);
});
