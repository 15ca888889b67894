// @vitest-environment jsdom
import { fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { showPage } from "../api/testing";
import "../areas";
import { AllBox, ChoiceBox } from "./ChoiceBox";
import { resourceOf } from "./registry";
import { useChosen } from "./useChosen";

const ROWS = ["甲合同", "乙合同"].map((title) => ({ id: title, title }));

function Inbox() {
  const resource = resourceOf("approvals")!;
  const [rows, setRows] = useState(ROWS);
  const choosing = useChosen(resource, rows);
  if (!choosing) return <p>nothing to choose</p>;
  return (
    <>
      <AllBox choosing={choosing} />
      {rows.map((row) => (
        <ChoiceBox key={row.id} resource={resource} choosing={choosing} row={row} />
      ))}
      <p>{choosing.rows.map(({ id }) => id).join(" ")}!</p>
      <button type="button" onClick={() => setRows(rows.slice(1))}>
        first is gone
      </button>
    </>
  );
}

const decides = { permissions: { "approval.read": "own", "approval.decide": "own" } } as const;
const boxes = () => screen.getAllByRole("checkbox");

test("rows are chosen one by one or all at once, and what has left the list is not chosen", () => {
  showPage(<Inbox />, decides);
  fireEvent.click(boxes()[1]!);
  screen.getByText("甲合同!");
  fireEvent.click(boxes()[0]!);
  screen.getByText("甲合同 乙合同!");
  fireEvent.click(screen.getByText("first is gone"));
  expect(screen.getByText("乙合同!")).toBeTruthy();
  fireEvent.click(boxes()[0]!);
  expect(screen.getByText("!")).toBeTruthy();
});

test.each([
  ["in another scope", decides, "/?scope=requested"],
  ["without the right to decide", { permissions: { "approval.read": "own" } }, "/"],
] as const)("nothing is chosen %s", (_when, me, address) => {
  showPage(<Inbox />, me, address);
  expect(screen.getByText("nothing to choose")).toBeTruthy();
});
