// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { type Answer, answering, later, showPage, surroundings } from "../api/testing";
import "../areas";
import EditInPlace from "./EditInPlace";
import { Facts } from "./Facts";
import ResourceForm from "./ResourceForm";
import { resourceOf } from "./registry";

const resource = resourceOf("products")!;
const row = { id: "1", version: 1, name: "云图", unit: "套", can: ["update_product"] };

/** The unit of a product, whose saving is answered in this order, or when a test says so. */
function opened(...answers: (Answer | Promise<Answer>)[]) {
  const { Around } = surroundings({});
  const asked = answering((name) => (name.includes("/v1/products/1") ? answers.shift()! : { body: { items: [] } }));
  function Place() {
    const [open, setOpen] = useState(true);
    return open ? <EditInPlace resource={resource} row={row} name="unit" onClose={() => setOpen(false)} /> : "closed";
  }
  render(<Place />, { wrapper: Around });
  return { asked, Around };
}
const input = () => document.querySelector<HTMLInputElement>('input[id$="_unit"]');
const type = (unit: string) => fireEvent.change(input()!, { target: { value: unit } });
const press = (button: string) => fireEvent.click(screen.getByText(button));

test("what is typed where it stands is there again until it is saved or left", async () => {
  const { Around } = opened();
  type("箱");
  cleanup();
  render(<Facts resource={resource} row={row} />, { wrapper: Around });
  await waitFor(() => expect(input()?.value).toBe("箱"));
  expect(screen.getByText("form.restored")).toBeTruthy();
  press("form.cancel");
  expect(input()).toBeNull();
  cleanup();
  render(<Facts resource={resource} row={row} />, { wrapper: Around });
  expect(input()).toBeNull();
});

test("what is typed while a field is being saved stays, and is saved on top of it", async () => {
  const first = later();
  const { asked } = opened(first.answered, { body: { ...row, version: 3, unit: "箱子" } });
  type("箱");
  press("form.save");
  await waitFor(() => expect(asked).toContain("PATCH /v1/products/1"));
  type("箱子");
  await first.answer({ body: { ...row, version: 2, unit: "箱" } });
  await screen.findByText("form.savedOn");
  expect(input()?.value).toBe("箱子");
  press("form.save");
  await screen.findByText("closed");
});

test("a field that was saved as it was can be changed again at once", async () => {
  const { Around } = opened({ body: row }, { body: { ...row, version: 2, unit: "箱" } });
  cleanup();
  render(<Facts resource={resource} row={row} />, { wrapper: Around });
  const edit = () => fireEvent.click(screen.getByText("套").querySelector("button.edit")!);
  edit();
  await waitFor(() => expect(input()?.value).toBe("套"));
  press("form.save");
  await waitFor(() => expect(input()).toBeNull());
  edit();
  await waitFor(() => expect(input()?.value).toBe("套"));
  type("箱");
  press("form.save");
  await waitFor(() => expect(input()).toBeNull());
});

test("whoever leaves a field that is being saved is told that it was", async () => {
  const first = later();
  const { asked } = opened(first.answered);
  type("箱");
  press("form.save");
  await waitFor(() => expect(asked).toContain("PATCH /v1/products/1"));
  press("form.cancel");
  await first.answer({ body: { ...row, version: 2, unit: "箱" } });
  await screen.findByText("form.savedOf");
  expect(screen.getByText("closed")).toBeTruthy();
});

test("one's own try that nobody answered is not somebody else's change", async () => {
  const { asked } = opened(
    { status: 503, body: { detail: "away" } },
    { status: 412, body: { detail: "stale" } },
    { body: { ...row, version: 2, unit: "箱" } },
    { body: { ...row, version: 3, unit: "箱子" } },
  );
  type("箱");
  press("form.save");
  await screen.findByText("away");
  type("箱子");
  press("form.save");
  await screen.findByText("closed");
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(asked.filter((each) => each.endsWith("/1")).map((each) => each.split(" ")[0])).toEqual([
    "PATCH",
    "PATCH",
    "GET",
    "PATCH",
  ]);
});

test("what one has saved oneself in another field meanwhile is not somebody else's change", async () => {
  const { Around } = opened({ body: { ...row, version: 2, unit: "箱" } }, { body: { ...row, version: 3 } });
  const versions: (string | null)[] = [];
  const answered = globalThis.fetch;
  vi.stubGlobal("fetch", (request: Request) => {
    versions.push(request.headers.get("If-Match"));
    return answered(request);
  });
  const onClose = vi.fn();
  cleanup();
  render(
    ["unit", "name"].map((name) => (
      <EditInPlace key={name} resource={resource} row={row} name={name} onClose={onClose} />
    )),
    { wrapper: Around },
  );
  type("箱");
  fireEvent.change(document.querySelector('input[id$="_name"]')!, { target: { value: "星图" } });
  const [first, second] = screen.getAllByText("form.save");
  fireEvent.click(first!);
  await waitFor(() => expect(onClose).toHaveBeenCalledTimes(1));
  fireEvent.click(second!);
  await waitFor(() => expect(onClose).toHaveBeenCalledTimes(2));
  expect(versions.filter(Boolean)).toEqual(['"1"', '"2"']);
});

/** The form of a new product, sent before its unit was typed; returns what lets it be answered. */
async function sentBeforeItsUnit() {
  const { answered, answer } = later();
  const asked = answering((name) => (name.startsWith("POST") ? answered : { body: { items: [] } }));
  const onMade = vi.fn();
  showPage(<ResourceForm resource={resource} onClose={vi.fn()} onMade={onMade} />);
  fireEvent.change(document.querySelector('input[id$="_name"]')!, { target: { value: "云图" } });
  press("form.save");
  await waitFor(() => expect(asked).toContain("POST /v1/products"));
  type("箱");
  return async () => {
    await answer({ status: 201, body: { ...row, unit: null } });
    await waitFor(() => expect(onMade).toHaveBeenCalledOnce());
  };
}

test("what is typed into the form of a new record while it is being saved stands on its page, to be saved", async () => {
  const beAnswered = await sentBeforeItsUnit();
  await beAnswered();
  cleanup();
  render(<Facts resource={resource} row={row} />, { wrapper: surroundings({}).Around });
  await waitFor(() => expect(input()?.value).toBe("箱"));
  expect(document.querySelector('input[id$="_name"]')).toBeNull();
});

test("of a form that is answered after its account has signed out nothing is kept", async () => {
  const beAnswered = await sentBeforeItsUnit();
  localStorage.setItem("kehu.signed-out", "just now");
  sessionStorage.clear();
  await beAnswered();
  expect(Object.keys(sessionStorage)).toEqual([]);
  localStorage.clear();
});
