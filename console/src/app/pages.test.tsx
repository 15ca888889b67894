// @vitest-environment jsdom
import { fireEvent, render, screen } from "@testing-library/react";
import { useEffect } from "react";
import { createMemoryRouter, Link, Outlet, RouterProvider } from "react-router";
import { afterEach, expect, test, vi } from "vitest";
import { NotLoaded } from "../api/loading";
import { Problem } from "../api/problem";
import "../api/testing";
import { ErrorPage, within } from "./pages";

afterEach(() => void vi.restoreAllMocks());

/** A page that crashes only when one leaves it, for the first time. */
const leave = vi
  .fn(() => undefined)
  .mockImplementationOnce(() => {
    throw new TypeError("l is not a function");
  });
function Leaving() {
  useEffect(() => leave, []);
  return <p>the page</p>;
}

test("a page that crashes leaves the frame, and the next page is shown again", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const frame = (
    <>
      <Link to="/">first</Link>
      <Link to="/next">next</Link>
      <Outlet />
    </>
  );
  const pages = within([
    { index: true, element: <Leaving /> },
    { path: "next", element: <p>another</p> },
  ]);
  render(<RouterProvider router={createMemoryRouter([{ element: frame, children: [pages] }])} />);
  await screen.findByText("the page");
  fireEvent.click(screen.getByText("next"));
  await screen.findByText("error.title");
  expect(screen.getByText("error.noId")).toBeTruthy();
  fireEvent.click(screen.getByText("first"));
  await screen.findByText("the page");
  expect(screen.queryByText("error.title")).toBeNull();
});

test("what the server refused has the number that the administrator asks for", () => {
  render(<ErrorPage error={new Problem(500, { correlationId: "4711" })} />);
  expect(screen.queryByText("error.noId")).toBeNull();
  expect(screen.getByText("error.copy")).toBeTruthy();
});

test("no connection is no fault of the browser, and is tried again where one is", () => {
  const retry = vi.fn();
  render(<ErrorPage error={new Problem(0, {})} onRetry={retry} />);
  expect(screen.getByText("error.offline")).toBeTruthy();
  expect(screen.queryByText("error.noId")).toBeNull();
  fireEvent.click(screen.getByText("error.again"));
  expect(retry).toHaveBeenCalledOnce();
});

test("a page that could not be fetched says so, and that it is to be loaded anew", () => {
  render(<ErrorPage error={new NotLoaded()} />);
  expect(screen.getByText("error.part")).toBeTruthy();
  expect(screen.queryByText("error.noId")).toBeNull();
  expect(screen.getByText("error.reload")).toBeTruthy();
});
