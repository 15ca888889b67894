// @vitest-environment jsdom
import { act, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter } from "react-router";
import { expect, test } from "vitest";
import "../areas";
import { Problem } from "../api/problem";
import { answering, surroundings } from "../api/testing";
import { places } from "../areas/places";
import { BottomTabs, SideNavigation } from "./Navigation";

/** The navigation where the services of these places were away before it was shown. */
async function show(navigation: ReactNode, ...away: string[]) {
  answering(() => ({}));
  const { Around, queries } = surroundings({ permissions: { "*": "all" } });
  const askAgain = (place: string, queryFn: () => Promise<unknown>) =>
    queries.fetchQuery({ queryKey: [place, "list"], queryFn }).catch(() => undefined);
  for (const place of away) await askAgain(place, () => Promise.reject(new Problem(503, {})));
  render(<MemoryRouter>{navigation}</MemoryRouter>, { wrapper: Around });
  return askAgain;
}

test("a phone's tabs and the places behind them say whose service was away before they were shown", async () => {
  await show(<BottomTabs />, "leads", "receivables");
  const grey = () => screen.getAllByRole("link").filter((link) => link.textContent?.includes("nav.away"));
  expect(grey().map((link) => link.getAttribute("href"))).toEqual(["/leads"]);
  fireEvent.click(screen.getByText("nav.more"));
  await screen.findByRole("dialog");
  expect(grey().map((link) => link.getAttribute("href"))).toEqual(["/leads", "/receivables"]);
});

test("a folded group of places says that some of them are away, or all", async () => {
  const below = places.find(({ name }) => name === "finance")!.below!.map(({ name }) => name);
  const [first, ...rest] = below;
  const askAgain = await show(<SideNavigation />, first!);
  const grey = () => [...document.querySelectorAll(".side .away")].map((each) => each.textContent);
  expect(screen.queryByText("nav.receivables")).toBeNull();
  expect(grey()).toEqual(["nav.finance nav.partlyAway"]);
  for (const place of rest) await act(() => askAgain(place, () => Promise.reject(new Problem(503, {}))));
  expect(grey()).toEqual(["nav.finance nav.away"]);
  for (const place of below) await act(() => askAgain(place, () => Promise.resolve([])));
  expect(grey()).toEqual([]);
});
