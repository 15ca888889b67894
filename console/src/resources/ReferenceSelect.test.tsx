// @vitest-environment jsdom
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeAll, expect, test, vi } from "vitest";
import { answering, surroundings } from "../api/testing";
import "../areas";
import { speak, startLanguage } from "../i18n";
import { ReferenceSelect } from "./ReferenceSelect";
import { resourceOf } from "./registry";

const ANYBODY = { items: [{ id: "0", name: "Anybody" }], next: "more" };
const ACME = { items: [{ id: "1", name: "Acme" }], next: null };
const PATIENT = { timeout: 10_000 };

beforeAll(async () => {
  await startLanguage();
  await speak("en");
});
/** A choice among customers that are answered in this order. */
function show(...answers: object[]) {
  return showBeside([], ...answers);
}

function showBeside(besides: { value: string; label: string }[], ...answers: object[]) {
  const asked = answering(() => ({ body: answers.shift() }));
  const onChange = vi.fn();
  const { Around } = surroundings();
  render(
    <Around>
      <label htmlFor="customer">Customer</label>
      <ReferenceSelect
        id="customer"
        aria-required="true"
        resource={resourceOf("customers")!}
        besides={besides}
        onChange={onChange}
      />
    </Around>,
  );
  return { asked, onChange, input: screen.getByRole("combobox", { name: "Customer" }) };
}

test("it asks when it is opened, and opens for whoever types", async () => {
  const { asked, input } = show(ACME, ACME);
  expect([input.getAttribute("aria-expanded"), input.getAttribute("aria-required")]).toEqual(["false", "true"]);
  expect(asked).toEqual([]);
  fireEvent.change(input, { target: { value: "acme" } });
  expect(input.getAttribute("aria-expanded")).toBe("true");
  await screen.findByText("Acme", undefined, PATIENT);
  const active = document.getElementById(input.getAttribute("aria-activedescendant")!);
  expect(active?.getAttribute("aria-label")).toBe("Acme");
});

test("Enter takes nothing that an earlier text has found", async () => {
  const { input, onChange } = show(ANYBODY, ACME);
  fireEvent.mouseDown(input);
  await screen.findByText("Anybody", undefined, PATIENT);
  expect(screen.getByRole("status").textContent).toBe("The first 1 only: type more of the name");
  fireEvent.change(input, { target: { value: "acme" } });
  fireEvent.keyDown(input, { key: "Enter", keyCode: 13 });
  expect(onChange).not.toHaveBeenCalled();
});

test("Enter takes the first that is found", async () => {
  const { input, onChange } = show(ACME, ACME);
  fireEvent.change(input, { target: { value: "acme" } });
  await screen.findByText("Acme", undefined, PATIENT);
  fireEvent.keyDown(input, { key: "Enter", keyCode: 13 });
  await waitFor(() => expect(onChange).toHaveBeenCalledWith("1"));
});

test("who leaves it takes the only one that is found", async () => {
  const { input, onChange } = show(ACME, ACME);
  fireEvent.focus(input);
  fireEvent.change(input, { target: { value: "acme" } });
  await screen.findByText("Acme", undefined, PATIENT);
  fireEvent.mouseDown(document.body);
  fireEvent.blur(input);
  await waitFor(() => expect(onChange).toHaveBeenCalledWith("1"));
});

test("what was typed and led to no choice is handed on as it is, but for what one gives up", async () => {
  const { input, onChange } = show(ANYBODY, ANYBODY, ANYBODY);
  const write = (text: string) => {
    fireEvent.focus(input);
    fireEvent.change(input, { target: { value: text } });
  };
  write("any");
  fireEvent.keyDown(input, { key: "Escape", keyCode: 27 });
  fireEvent.blur(input);
  expect(onChange).not.toHaveBeenCalled();
  write(" any ");
  fireEvent.blur(input);
  expect(onChange).toHaveBeenCalledWith("any");
});

test("what stands beside the records is found in letters of either size", async () => {
  const besides = [
    { value: "me", label: "Myself" },
    { value: "mine", label: "Colleagues" },
  ];
  const { input } = showBeside(besides, ACME, ACME);
  fireEvent.change(input, { target: { value: " mySELF" } });
  await screen.findByText("Myself", undefined, PATIENT);
  expect(screen.queryByText("Colleagues")).toBeNull();
});
