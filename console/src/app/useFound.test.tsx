// @vitest-environment jsdom
import { renderHook, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { answering, surroundings } from "../api/testing";
import "../areas";
import { useFound } from "./useFound";

const FOUND = { customers: { status: "ok", items: [{ id: "1", title: "云图" }] } };
function find(text: string, answer: Parameters<typeof answering>[0]) {
  const asked = answering(answer);
  const { Around } = surroundings();
  return { asked, ...renderHook(() => useFound(text), { wrapper: Around }) };
}

test("one Chinese character is looked for, and one letter is not", async () => {
  const { result } = find("云", () => ({ body: FOUND }));
  await waitFor(() => expect(result.current.sections).toHaveLength(1));
  for (const text of ["y", "𝒴", "云".repeat(101)]) {
    const other = find(text, () => ({ body: FOUND }));
    expect(other.result.current.isPending, text).toBe(false);
    expect(other.asked).toEqual([]);
  }
});

test("where the search fails nobody says that there is nothing", async () => {
  const { result } = find("云图", () => ({ status: 503 }));
  await waitFor(() => expect(result.current.error).toBeTruthy());
  expect(result.current.isEmpty).toBe(false);
});
