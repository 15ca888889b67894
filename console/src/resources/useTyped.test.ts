// @vitest-environment jsdom
import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useTyped } from "./useTyped";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pause = () => act(() => vi.advanceTimersByTime(1_000));
function typing(wanted = "") {
  const handed: string[] = [];
  const hook = renderHook(({ wanted, to }) => useTyped(wanted, (said) => handed.push(`${to} ${said}`)), {
    initialProps: { wanted, to: "a" },
  });
  const type = (text: string) => act(() => hook.result.current[1](text));
  return { ...hook, handed, type, text: () => hook.result.current[0] };
}

test("what is typed is handed on when one pauses, to whoever wants it by then", () => {
  const { handed, type, rerender } = typing();
  type("y");
  type("yun");
  rerender({ wanted: "", to: "b" });
  pause();
  expect(handed).toEqual(["b yun"]);
});

test("a blank at the end stays while one goes on typing", () => {
  const { type, text, rerender } = typing();
  type("yun ");
  pause();
  rerender({ wanted: "yun", to: "a" });
  expect(text()).toBe("yun ");
});

test("what comes from outside takes its place, and is not handed back", () => {
  const { handed, type, text, rerender } = typing("yun");
  type("yunt");
  rerender({ wanted: "", to: "a" });
  pause();
  expect(text()).toBe("");
  expect(handed).toEqual([]);
});

test("a word that an input method is at is not handed on before it is whole", () => {
  const { handed, type } = typing();
  act(() => void window.dispatchEvent(new Event("compositionstart")));
  type("yun");
  pause();
  expect(handed).toEqual([]);
  type("云");
  act(() => void window.dispatchEvent(new Event("compositionend")));
  pause();
  expect(handed).toEqual(["a 云"]);
});

test("whoever goes on before the pause hands on what is typed, and nothing comes after them", () => {
  const { handed, type, result } = typing();
  type("yun ");
  act(() => result.current[2]());
  expect(handed).toEqual(["a yun"]);
  pause();
  expect(handed).toEqual(["a yun"]);
});
