// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Problem } from "../api/problem";
import { Fetched } from "./Failure";

afterEach(cleanup);
const shown = (error: unknown, data: unknown, refetch = vi.fn()) => {
  render(<Fetched of={{ error, data, refetch }} />);
  return refetch;
};

test("what was shown already stays, with one quiet line and a way to try again", () => {
  const refetch = shown(new Problem(503, {}), { items: [] });
  expect(screen.queryByRole("alert")).toBeNull();
  expect(screen.getByRole("status").textContent).toContain("error.notFresh");
  fireEvent.click(screen.getByRole("button"));
  expect(refetch).toHaveBeenCalledOnce();
});

test("what could not be shown at all, or is refused by now, is told aloud", () => {
  shown(new Problem(503, {}), undefined);
  expect(screen.getByRole("alert").textContent).toContain("error.away");
  cleanup();
  shown(new Problem(404, { detail: "gone" }), { id: "1" });
  expect(screen.getByRole("alert").textContent).toContain("gone");
});

test("a refusal says what is wrong with what was asked", () => {
  const errors = [{ field: "sort", message: "no such order" }];
  shown(new Problem(422, { detail: "The query is wrong.", errors }), undefined);
  expect(screen.getByRole("alert").textContent).toContain("The query is wrong. sort: no such order");
});

test("where nothing failed nothing is said", () => {
  shown(null, { items: [] });
  expect(document.body.textContent).toBe("");
});
