import { expect, test } from "vitest";
import { stillToCome } from "./useRowKeys";

test("an address that follows the keys late takes none of their steps back", () => {
  expect(stillToCome(["second", "third"], "second")).toEqual(["third"]);
  expect(stillToCome(["third"], "third")).toEqual([]);
});

test("an address that leaves out a step has followed it too", () => {
  expect(stillToCome(["second", "third"], "third")).toEqual([]);
});

test("whoever goes elsewhere, or closes the panel, goes on from there", () => {
  expect(stillToCome(["second", "third"], "ninth")).toEqual([]);
  expect(stillToCome(["second"], undefined)).toEqual([]);
});
