// @vitest-environment jsdom
import { act, renderHook, waitFor } from "@testing-library/react";
import { beforeAll, expect, test } from "vitest";
import { answering, surroundings } from "../api/testing";
import { startLanguage } from "../i18n";
import { useDeed } from "./useDeed";

beforeAll(startLanguage);
const enable = (id: string) => ({
  operation: "update_service_account" as const,
  path: id,
  version: 1,
  body: { status: "active" },
});

test("a button that is pressed twice before it is answered asks once, and another deed is not kept waiting", async () => {
  const asked = answering((name) => ({ body: { id: name.split("/").at(-1), version: 2 } }));
  const { result } = renderHook(() => useDeed(), { wrapper: surroundings().Around });
  await act(async () => {
    result.current.mutate(enable("1"));
    result.current.mutate(enable("1"));
    result.current.mutate(enable("2"));
  });
  await waitFor(() => expect(result.current.isPending).toBe(false));
  expect(asked).toEqual(["PATCH /v1/service-accounts/1", "PATCH /v1/service-accounts/2"]);
  await act(async () => result.current.mutate(enable("1")));
  expect(asked).toHaveLength(3);
});

test("a secret that was answered lies nowhere after whoever asked for it was told", async () => {
  answering(() => ({ body: { id: "1", version: 2, secret: "whsec_told-once" } }));
  const told: unknown[] = [];
  const { queries, Around } = surroundings();
  const { result } = renderHook(() => useDeed((answer) => told.push(answer.secret)), { wrapper: Around });
  await act(async () => result.current.mutate({ operation: "rotate_webhook_secret", path: "1", version: 1, body: {} }));
  await waitFor(() => expect(told).toEqual(["whsec_told-once"]));
  await waitFor(() => expect(queries.getMutationCache().getAll()).toEqual([]));
  expect(
    JSON.stringify(
      queries
        .getQueryCache()
        .getAll()
        .map(({ state }) => state.data),
    ),
  ).not.toContain("whsec");
});
