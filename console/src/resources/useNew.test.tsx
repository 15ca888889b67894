// @vitest-environment jsdom
import { act, fireEvent, render, screen } from "@testing-library/react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { expect, test } from "vitest";
import { surroundings } from "../api/testing";
import { useNew } from "./address";

function List() {
  const { isOpen, open, close } = useNew();
  return (
    <button type="button" onClick={isOpen ? close : open}>
      {isOpen ? "the form" : "the list"}
    </button>
  );
}

/** A list that one has come to from the first page, or by a link to its form. */
function shown(address: string) {
  const routes = [
    { path: "/", element: "the first page" },
    { path: "/customers", element: <List /> },
  ];
  const router = createMemoryRouter(routes, { initialEntries: ["/", address], initialIndex: 1 });
  render(<RouterProvider router={router} />, { wrapper: surroundings().Around });
  return { back: () => act(() => router.navigate(-1)) };
}
const press = (text: string) => act(async () => fireEvent.click(screen.getByText(text)));

test("Back closes the form of a new one, and leaves the list at the next press", async () => {
  const { back } = shown("/customers");
  await press("the list");
  await back();
  await press("the list");
  // Closed by its own button it leaves nothing behind in the history either.
  await press("the form");
  await screen.findByText("the list");
  await back();
  await screen.findByText("the first page");
});

test("a form that a link has led to leaves its list when it is closed", async () => {
  const { back } = shown("/customers?new=1");
  await press("the form");
  await screen.findByText("the list");
  await back();
  expect(await screen.findByText("the first page")).toBeTruthy();
});
