// @vitest-environment jsdom
import { fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { answering, inChinese, showPage } from "../api/testing";
import "../areas";
import { useOffers } from "../resources/offers";
import Palette from "./Palette";

inChinese();

/** What a page offers, and the palette above it. */
function Page({ offers }: { offers: string[] }) {
  const [open, setOpen] = useState(false);
  useOffers(offers.map((name) => ({ name, run: () => undefined })));
  return open ? <Palette deeds onClose={() => undefined} /> : <button type="button" onClick={() => setOpen(true)} />;
}

/** Narrows what a page offers by a text. */
async function narrowed(offers: string[], text: string) {
  answering(() => ({}));
  showPage(<Page offers={offers} />);
  fireEvent.click(screen.getByRole("button"));
  fireEvent.change(await screen.findByRole("combobox"), { target: { value: text } });
}

test("a text that none of the deeds has is not found; that there are none is another thing", async () => {
  await narrowed(["放入公海"], "xyz");
  expect(await screen.findByText("没有找到")).toBeTruthy();
  expect(screen.queryByText("这一页现在没有可做的操作")).toBeNull();
});

test("a page that offers nothing says so, whatever is typed", async () => {
  await narrowed([], "xyz");
  expect(await screen.findByText("这一页现在没有可做的操作")).toBeTruthy();
});
