// @vitest-environment jsdom
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { answering } from "../api/testing";
import { startLanguage } from "../i18n";

const MARK = "kehu.signed-in";
const KEYS = { keys: [{ kid: "first", alg: "EdDSA" }] };

afterEach(() => localStorage.clear());

/** What another tab does: this one hears of it. */
const signInElsewhere = (mark: string) =>
  act(() => {
    localStorage.setItem(MARK, mark);
    window.dispatchEvent(new StorageEvent("storage", { key: MARK, newValue: mark }));
  });

/** The whole console at the page of signing keys, where somebody may withdraw one. */
async function opened() {
  vi.stubGlobal("scrollTo", vi.fn());
  // No tab reads the stream of events here.
  Object.assign(navigator, { locks: { request: () => new Promise(() => undefined) } });
  localStorage.setItem(MARK, "first");
  window.history.pushState({}, "", "/help");
  const asked = answering((name) => {
    if (name.endsWith("/session/renew")) return { body: { access_token: "one", expires_in: 900 } };
    if (name.endsWith("/v1/me")) return { body: { id: "me", display_name: "Wang Fang", permissions: { "*": "all" } } };
    return { body: name.endsWith("/jwks.json") ? KEYS : { items: [], keys: [] } };
  });
  await startLanguage();
  const { Root } = await import("./Root");
  const { router } = await import("./routes");
  render(<Root />);
  await screen.findByText("Wang Fang");
  await act(() => router.navigate("/signing-keys"));
  return { asked, router };
}
const ask = async () => {
  fireEvent.click(await screen.findByRole("button", { name: "Withdraw key first" }));
  return screen.findByRole("dialog");
};
const isGone = () => waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());

test("what one account was asked or told is neither answered by nor shown to the next one; a question goes with its page", async () => {
  const { asked, router } = await opened();
  await ask();
  await act(() => router.navigate(-1));
  await isGone();
  await act(() => router.navigate("/signing-keys"));
  fireEvent.click(await screen.findByRole("button", { name: "Rotate" }));
  await screen.findByText("Rotated");
  await ask();
  signInElsewhere("second");
  await isGone();
  expect(screen.queryByText("Rotated")).toBeNull();
  expect(asked.filter((each) => each.startsWith("DELETE") || each.includes("withdraw"))).toEqual([]);
}, 240_000);
