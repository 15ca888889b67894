// @vitest-environment jsdom
import { act, renderHook, waitFor } from "@testing-library/react";
import { beforeAll, expect, test } from "vitest";
import { answering, later, surroundings } from "../../api/testing";
import { startLanguage } from "../../i18n";
import { roles } from "../admin";
import { useGrants } from "./useGrants";

beforeAll(startLanguage);

const ROW = { id: "1", version: 1, permissions: { "lead.read": "own" } };
const THEIRS = { id: "1", version: 2, permissions: { "lead.read": "own", "case.read": "all" } };

test("a role that somebody else has changed keeps what one made of it, even if it cannot be read again", async () => {
  let isAway = true;
  answering((name) => {
    if (name.startsWith("PATCH")) return { status: 412, body: { code: "stale-version" } };
    if (name.includes("/roles/")) return isAway ? { status: 503, body: { detail: "away" } } : { body: THEIRS };
    return { body: { id: "me", permissions: {} } };
  });
  const { result } = renderHook(() => useGrants(roles, ROW), { wrapper: surroundings().Around });
  act(() => result.current.begin());
  act(() => result.current.change({ "lead.read": "all" }));
  act(() => result.current.save());
  await waitFor(() => expect(result.current.refusal).toBe("away"));
  expect(result.current.work).toMatchObject({ mine: { "lead.read": "all" }, version: 1 });

  isAway = false;
  act(() => result.current.save());
  await waitFor(() => expect(result.current.work?.version).toBe(2));
  expect(result.current.work).toMatchObject({
    mine: { "lead.read": "all", "case.read": "all" },
    before: { "lead.read": "own" },
  });
});

test("what is changed in a role while it is being saved stays to be saved", async () => {
  const { answered, answer } = later();
  const asked = answering((name) => (name.startsWith("PATCH") ? answered : { body: { id: "me", permissions: {} } }));
  const { result } = renderHook(() => useGrants(roles, ROW), { wrapper: surroundings().Around });
  act(() => result.current.begin());
  act(() => result.current.change({ "lead.read": "all" }));
  act(() => result.current.save());
  await waitFor(() => expect(asked).toContain("PATCH /v1/roles/1"));
  act(() => result.current.change({ "lead.read": "all", "case.read": "own" }));
  await answer({ body: { id: "1", version: 2, permissions: { "lead.read": "all" } } });
  await waitFor(() => expect(result.current.work?.version).toBe(2));
  expect(result.current.work?.mine).toEqual({ "lead.read": "all", "case.read": "own" });
});
