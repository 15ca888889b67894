// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { accessToken, signedInBy, signOut, watchSession } from "./session";

const MARK = "kehu.signed-in";
const become = (mark: string) => {
  localStorage.setItem(MARK, mark);
  window.dispatchEvent(new StorageEvent("storage", { key: MARK, newValue: mark }));
};

/** Renewals that are answered when a test says so. */
let answers: ((status: number, token?: string) => void)[];
let leave: () => void;
beforeEach(() => {
  answers = [];
  leave = watchSession(() => undefined);
  const ask = () =>
    new Promise<Response>((answer) =>
      answers.push((status, access_token) => answer(Response.json({ access_token, expires_in: 900 }, { status }))),
    );
  vi.stubGlobal("fetch", ask);
});
afterEach(() => {
  leave();
  localStorage.clear();
  sessionStorage.clear();
  vi.unstubAllGlobals();
});

test("a token that was asked for in one account's name is neither theirs nor another one's after somebody else signed in", async () => {
  become("wang");
  const wanted = accessToken();
  become("li");
  const theirs = accessToken();
  answers[0]!(200, "of wang");
  answers[1]!(200, "of li");
  expect(await wanted).toBeNull();
  expect(await theirs).toBe("of li");
  expect(await accessToken("wang")).toBeNull();
});

test("that one account's session has ended does not end the session of the next one", async () => {
  become("wang");
  const wanted = accessToken();
  become("li");
  answers[0]!(401);
  expect(await wanted).toBeNull();
  expect(signedInBy()).toBe("li");
});

test("what was typed is gone in each tab when somebody signs out, and stays where a session ends by itself", async () => {
  become("wang");
  sessionStorage.setItem("kehu.draft.wang.customers", "typed");
  const wanted = accessToken();
  answers[0]!(401);
  await wanted;
  expect(signedInBy()).toBeNull();
  expect(sessionStorage.getItem("kehu.draft.wang.customers")).toBe("typed");
  become("wang");
  const left = signOut();
  answers[1]!(200);
  expect(await left).toBe(true);
  expect(sessionStorage.getItem("kehu.draft.wang.customers")).toBeNull();
  // Another tab, which has slept through it.
  sessionStorage.clear();
  sessionStorage.setItem("kehu.draft.wang.customers", "typed");
  watchSession(() => undefined)();
  expect(sessionStorage.getItem("kehu.draft.wang.customers")).toBeNull();
  // And one that hears of it.
  sessionStorage.setItem("kehu.draft.wang.customers", "typed");
  localStorage.setItem("kehu.signed-out", "again");
  window.dispatchEvent(new StorageEvent("storage", { key: "kehu.signed-out", newValue: "again" }));
  expect(sessionStorage.getItem("kehu.draft.wang.customers")).toBeNull();
});
