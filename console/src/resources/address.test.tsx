// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { showPage } from "../api/testing";
import "../areas";
import { questionIn, unreadIn, useAddress, useQuestion } from "./address";
import { Chips } from "./Chips";
import { isSearched, resourceOf, resources } from "./registry";
import { SearchBox } from "./SearchBox";
import { LONGEST } from "./searching";

const customers = resourceOf("customers")!;
const SEARCH = customers.search!;

/** The head of the list of customers at an address, and what the server is asked by it. */
function openAt(query: Record<string, string>) {
  let asked: unknown;
  function Head() {
    asked = useQuestion(customers, useAddress().values);
    return (
      <>
        <SearchBox resource={customers} />
        <Chips resource={customers} />
      </>
    );
  }
  const me = { permissions: { "*": "all" } };
  const { router } = showPage(<Head />, me, `/customers?${new URLSearchParams(query)}`);
  return { asked: () => asked, address: () => new URLSearchParams(router.state.location.search) };
}

test("what others have hung on to a link is no question to the server", () => {
  const { asked } = openAt({
    from: "singlemessage",
    isappinstalled: "0",
    utm_source: "mail",
    fields: "id",
    cursor: "gone",
    "filter[colour]": "red",
    sort: "colour",
    scope: "mine",
    "filter[region][contains]": "华东",
  });
  expect(asked()).toEqual({ "filter[region][contains]": "华东", "filter[owner_id]": "me" });
});

test("what a link asks of the list and nobody understands is said, and can be taken away by itself", async () => {
  const { asked, address } = openAt({
    "filter[created_at][lt]": "xx",
    sort: "colour",
    scope: "theirs",
    "filter[region][contains]": "华东",
    utm_source: "mail",
  });
  expect(asked()).toEqual({ "filter[region][contains]": "华东" });
  const said = screen.getAllByText(/^list\.unread/).map((chip) => chip.textContent);
  expect(said).toEqual([
    "list.unread: filter[created_at][lt]=xx ",
    "list.unread: sort=colour ",
    "list.unread: scope=theirs ",
  ]);
  fireEvent.click(screen.getAllByRole("button", { name: /list.remove/ }).at(-3)!);
  await waitFor(() => expect(address().has("filter[created_at][lt]")).toBe(false));
  expect(address().get("filter[region][contains]")).toBe("华东");
});

test("what a link narrows a list by can be taken away, also where it has no chip", async () => {
  const { address } = openAt({ "filter[id][in]": "1,2", preview: "1" });
  fireEvent.click(screen.getByText("list.clear"));
  await waitFor(() => expect([...address().keys()]).toEqual(["preview"]));
});

test("a text that is too long is searched for by nobody, stays where it is and is said", async () => {
  const { address } = openAt({ [SEARCH]: "云" });
  const box = screen.getByRole<HTMLInputElement>("searchbox");
  const pasted = "云".repeat(10_000);
  fireEvent.change(box, { target: { value: pasted } });
  await screen.findByText("list.tooLong");
  expect(box.value).toBe(pasted);
  const longest = "图".repeat(LONGEST);
  fireEvent.change(box, { target: { value: longest } });
  await waitFor(() => expect(address().get(SEARCH)).toBe(longest));
  expect(screen.queryByText("list.tooLong")).toBeNull();
});

test("conditions of a link are asked of lists only that can be searched by them", () => {
  const where = JSON.stringify({ all: [{ field: "name", operator: "eq", value: "云图" }] });
  const people = { me: undefined, team: undefined };
  expect(questionIn(customers, { scope: "all", where }, people)).toMatchObject({ where });
  const steps = resources().find((each) => !isSearched(each))!;
  expect(questionIn(steps, { scope: "all", where }, people)).not.toHaveProperty("where");
  expect(unreadIn(steps, { where })).toEqual(["where"]);
});
