// @vitest-environment jsdom
import { act, render, screen, waitFor } from "@testing-library/react";
import { createBrowserRouter, RouterProvider, useSearchParams } from "react-router";
import { afterEach, expect, test, vi } from "vitest";
import { signOut, watchSession } from "./session";
import "./testing";

const MARK = "kehu.signed-in";
const Page = () => <p>{`page: ${useSearchParams()[0]}`}</p>;

/** A page at an address, with something open over it, for somebody who is signed in. */
async function opened(address: string) {
  localStorage.setItem(MARK, "wang");
  window.history.replaceState(null, "", "/customers");
  const router = createBrowserRouter([{ path: "*", element: <Page /> }]);
  render(<RouterProvider router={router} />);
  await act(() => router.navigate(address, { state: { isOver: true } }));
  const unwatch = watchSession(() => undefined);
  return () => {
    unwatch();
    router.dispose();
  };
}
const answered = (status: number) => vi.stubGlobal("fetch", async () => Response.json({}, { status }));

afterEach(() => localStorage.clear());

test.each(["new=1", "write=1", "preview=1"])(
  "%s is for nobody once somebody has signed out, and the rest stays",
  async (open) => {
    const end = await opened(`/customers?sort=name&${open}`);
    answered(200);
    await act(() => signOut());
    expect(window.location.search).toBe("?sort=name");
    await waitFor(() => expect(screen.getByText("page: sort=name")).toBeTruthy());
    end();
  },
);

test("what is open stays where one could not sign out, and where the session ends by itself", async () => {
  const end = await opened("/customers?new=1");
  answered(503);
  await act(() => signOut());
  localStorage.removeItem(MARK);
  act(() => void window.dispatchEvent(new StorageEvent("storage", { key: MARK, newValue: null })));
  expect(window.location.search).toBe("?new=1");
  expect(screen.getByText("page: new=1")).toBeTruthy();
  end();
});

test("another tab's sign-out closes it here too; a link that one opens afterwards does what it says", async () => {
  const end = await opened("/customers?new=1");
  const leave = () => {
    localStorage.setItem("kehu.signed-out", "now");
    window.dispatchEvent(new StorageEvent("storage", { key: "kehu.signed-out", newValue: "now" }));
  };
  act(leave);
  await waitFor(() => expect(screen.getByText("page:")).toBeTruthy());
  end();
  sessionStorage.clear();
  const endAgain = await opened("/customers?new=1");
  expect(screen.getAllByText("page: new=1")).toHaveLength(1);
  endAgain();
});
