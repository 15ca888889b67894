// @vitest-environment jsdom
import { fireEvent, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { expect, test, vi } from "vitest";
import "../api/testing";
import { lazily } from "./lazily";

const part = { default: ({ name }: { name: string }) => <p>part of {name}</p> };
const away = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));

function show(load: () => Promise<typeof part>) {
  const Part = lazily(load);
  const page = (isOpen: boolean) => (
    <>
      <h1>the page</h1>
      <Suspense fallback="…">{isOpen && <Part name="it" />}</Suspense>
    </>
  );
  const { rerender } = render(page(true));
  return (isOpen: boolean) => rerender(page(isOpen));
}

test("a part that cannot be fetched at once is fetched once more", async () => {
  const load = vi
    .fn(away)
    .mockImplementationOnce(away)
    .mockResolvedValue(part as never);
  show(load);
  await screen.findByText("part of it");
  expect(load).toHaveBeenCalledTimes(2);
});

test("a part that cannot be fetched says so in its place, and is there by a press once it can be", async () => {
  const load = vi.fn<() => Promise<typeof part>>(away);
  show(load);
  await screen.findByText("error.part");
  expect(screen.getByText("the page")).toBeTruthy();
  expect(screen.getByText("error.reload")).toBeTruthy();
  load.mockResolvedValue(part);
  fireEvent.click(screen.getByText("error.again"));
  await screen.findByText("part of it");
  expect(screen.queryByText("error.part")).toBeNull();
});

test("a part that could not be fetched is asked for anew when it is shown again", async () => {
  const load = vi.fn<() => Promise<typeof part>>(away);
  const open = show(load);
  await screen.findByText("error.part");
  open(false);
  load.mockResolvedValue(part);
  open(true);
  await screen.findByText("part of it");
  expect(screen.queryByText("error.part")).toBeNull();
});

test("a part that was fetched ahead is there at once, also where it could not be had at first", async () => {
  const load = vi.fn<() => Promise<typeof part>>(away);
  const Part = lazily(load);
  await Part.ahead();
  load.mockResolvedValue(part);
  await Part.ahead();
  load.mockImplementation(away);
  render(
    <Suspense fallback="…">
      <Part name="it" />
    </Suspense>,
  );
  expect(screen.getByText("part of it")).toBeTruthy();
});
