// @vitest-environment jsdom
import { fireEvent, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { answering, inChinese, showPage } from "../../api/testing";
import { useAddress } from "../../resources/address";
import { resourceOf } from "../../resources/registry";
import ".."; // The areas, which register what they have pages for.
import GlimpseNote from "./GlimpseNote";
import PoolBar from "./PoolBar";

inChinese("nouns");

const member = { permissions: { "lead.read": "own", "pool.read": "all" } } as const;

function Page() {
  const { values } = useAddress();
  return (
    <>
      <PoolBar resource={resourceOf("leads")!} />
      <p>{JSON.stringify(values)}</p>
    </>
  );
}

test("the own list leads to the page of pools, where one chooses among those of its noun", async () => {
  const pool = { id: "01936f3a-7c00-7000-8000-000000000001", name: "华东线索公海" };
  const asked = answering((name) => ({ body: name.includes("/pools") ? { items: [pool], next: null } : {} }));
  showPage(<Page />, member, "/leads");
  fireEvent.click(screen.getByRole("button", { name: /^领\s?取$/ }));
  const choice = await screen.findByRole("combobox", { name: "公海分组" });
  screen.getByText("全部分组");
  fireEvent.mouseDown(choice);
  fireEvent.click(await screen.findByText("华东线索公海"));
  await screen.findByText(/"filter\[pool_id\]":"01936f3a/);
  expect(asked.some((each) => each.includes("/v1/pools"))).toBe(true);
});

test("who may see no pools is led to none", () => {
  showPage(<Page />, { permissions: { "lead.read": "own" } }, "/leads");
  expect(screen.queryByRole("button")).toBeNull();
});

test("a glimpse says that there is more", () => {
  showPage(<GlimpseNote row={{ id: "1", glimpse: true }} />, member);
  expect(screen.getByText(/领取之后才能看到/)).toBeTruthy();
});
