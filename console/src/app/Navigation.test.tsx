// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { createElement } from "react";
import { MemoryRouter } from "react-router";
import { afterEach, expect, test, vi } from "vitest";
import "../areas";
import { Problem } from "../api/problem";
import { answering, surroundings } from "../api/testing";
import { BottomTabs } from "./Navigation";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("a phone's tabs and the places behind them say whose service was away before they were shown", async () => {
  answering(() => ({}));
  const { Around, queries } = surroundings();
  queries.setQueryData(["me"], { id: "me", permissions: { "*": "all" } });
  for (const place of ["leads", "receivables"])
    await queries
      .fetchQuery({ queryKey: [place, "list"], queryFn: () => Promise.reject(new Problem(503, {})) })
      .catch(() => undefined);
  render(createElement(MemoryRouter, null, <BottomTabs />), { wrapper: Around });
  const grey = () => screen.getAllByRole("link").filter((link) => link.textContent?.includes("nav.away"));
  expect(grey().map((link) => link.getAttribute("href"))).toEqual(["/leads"]);
  fireEvent.click(screen.getByText("nav.more"));
  await screen.findByRole("dialog");
  expect(grey().map((link) => link.getAttribute("href"))).toEqual(["/leads", "/receivables"]);
});
