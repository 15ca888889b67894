// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { answering } from "../api/testing";
import "../areas";
import { begun, taken } from "./ahead";

const page = { body: { items: [], next: null } };

/** Opens an address, and tells what was asked for before anything is drawn. */
async function opened(address: string, often = 1) {
  window.history.replaceState(null, "", address);
  const asked = answering(() => page);
  const queries = [...Array(often)].map(() => begun("somebody"));
  await vi.waitFor(() => expect(queries[0]!.isFetching()).toBe(0));
  expect(new Set(queries).size).toBe(1);
  return asked;
}

afterEach(taken);

test("the list of an address is asked for beside who is signed in, once however often React begins", async () => {
  expect((await opened("/customers?sort=name", 2)).sort()).toEqual(["GET /v1/customers", "GET /v1/me"]);
});

test.each(["/", "/customers?scope=mine", "/customers/018f", "/departments", "/nowhere"])(
  "%s has no list that could be asked for by whoever it is",
  async (address) => {
    expect(await opened(address)).toEqual(["GET /v1/me"]);
  },
);

test("what one person was shown is not there for the next", () => {
  answering(() => page);
  const mine = begun("me");
  expect(begun("another")).not.toBe(mine);
});
