// @vitest-environment jsdom
import { renderHook, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { answering, surroundings } from "../api/testing";
import { useNews } from "./useNews";

// The client takes what testing.tsx has laid ready when it is imported.
const { call } = await import("../api/call");
const { useMe } = await import("../api/permissions");

test("what one may do is read anew when the server refuses something, and only once for its own refusal", async () => {
  vi.stubGlobal("navigator", { ...navigator, locks: { request: () => new Promise(() => undefined) } });
  vi.stubGlobal(
    "BroadcastChannel",
    class {
      postMessage() {}
      close() {}
    },
  );
  let granted: Record<string, string> = { "customer.write": "all" };
  const asked = answering((name) =>
    name === "GET /v1/me" ? { body: { id: "me", permissions: granted } } : { status: 403, body: {} },
  );
  const { Around } = surroundings();
  const shown = renderHook(
    () => {
      useNews();
      return useMe().data?.permissions;
    },
    { wrapper: Around },
  );
  await waitFor(() => expect(shown.result.current).toEqual(granted));
  granted = {};
  await expect(call("create_customer", { body: {} })).rejects.toThrow();
  await waitFor(() => expect(shown.result.current).toEqual({}));
  expect(asked.filter((name) => name === "GET /v1/me")).toHaveLength(2);
});
