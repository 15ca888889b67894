// @vitest-environment jsdom
import { renderHook, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { answering, surroundings } from "../../api/testing";
import { useDepartments } from "./useDepartments";

async function found(pages: number) {
  const asked = answering(() => ({
    body: {
      items: Array.from({ length: 200 }, (_, place) => ({ id: `${asked.length}.${place}`, name: "x" })),
      next: asked.length < pages ? "on" : null,
    },
  }));
  const { result } = renderHook(useDepartments, { wrapper: surroundings().Around });
  await waitFor(() => expect(result.current.isSuccess).toBe(true));
  return { rows: result.current.data!.rows.length, isCapped: result.current.data!.isCapped, asked: asked.length };
}

test("all departments are read, and where there are too many of them that is known", async () => {
  expect(await found(3)).toEqual({ rows: 600, isCapped: false, asked: 3 });
  expect(await found(1_000)).toEqual({ rows: 6_000, isCapped: true, asked: 30 });
});
