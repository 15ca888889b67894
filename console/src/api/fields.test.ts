import { afterEach, expect, test } from "vitest";
import {
  asSet,
  firstOf,
  gathered,
  narrowedBy,
  orderedBy,
  ownTerms,
  type Setting,
  setSettings,
  spread,
  withOwn,
} from "./fields";

const setting = (said: Partial<Setting>): Setting => ({
  id: said.key!,
  noun: "customer",
  key: "",
  label: { zh: "颜色", en: "Colour" },
  type: "text",
  options: null,
  currency: null,
  reference: null,
  required: false,
  strict: true,
  common: false,
  indexed: false,
  enabled: true,
  standard: false,
  always: false,
  position: 1,
  remark: null,
  ...said,
});
const options = [
  { code: "red", label: { zh: "红", en: "Red" }, active: true },
  { code: "old", label: { zh: "旧", en: "Old" }, active: false },
];
const colour = setting({ key: "colour", type: "choice", options, required: true, indexed: true });
const note = setting({ key: "note", type: "long_text", position: 2 });
const gone = setting({ key: "gone", enabled: false, position: 3 });
const FIELDS = { name: {}, industry: {}, region: {}, custom: {} };

afterEach(() => setSettings([]));

test("values of fields at run time stand beside the others, and are sent under custom", () => {
  const page = { items: [{ id: "1", name: "云图", custom: { colour: "red" } }], next: null };
  expect(spread(page).items[0]).toMatchObject({ name: "云图", "custom.colour": "red" });
  expect(spread({ id: "1", custom: { colour: "red" } })).toMatchObject({ "custom.colour": "red" });
  expect(gathered({ name: "云图", "custom.colour": null })).toEqual({ name: "云图", custom: { colour: null } });
  expect(gathered({ name: "云图" })).toEqual({ name: "云图" });
  expect([spread(undefined), spread("text")]).toEqual([undefined, "text"]);
});

test("a form asks for what is in use, first for what is common or required", () => {
  const standard = { standard: true, type: null };
  setSettings([
    setting({ ...standard, key: "industry", required: true }),
    setting({ ...standard, key: "region", enabled: false }),
    colour,
    note,
    gone,
  ]);
  const asked = asSet("customer", FIELDS);
  expect(Object.keys(asked)).toEqual(["name", "industry", "custom.colour", "custom.note"]);
  expect([asked.industry!.required, asked["custom.colour"]!.required]).toEqual([true, true]);
  expect(asked["custom.colour"]!.enum).toEqual(["red"]);
  expect(firstOf("customer", ["name", "region"])).toEqual(["name", "industry", "custom.colour"]);
  expect(asSet("contract", { name: {} })).toEqual({ name: {} });
});

test("records and lists know them: those out of use are shown, and not asked by", () => {
  setSettings([colour, note, gone]);
  expect(Object.keys(withOwn("customer", FIELDS)).slice(-3)).toEqual(["custom.colour", "custom.note", "custom.gone"]);
  expect(withOwn("customer", FIELDS)["custom.colour"]!["enum-labels"]).toHaveProperty("old");
  expect(narrowedBy("customer")).toEqual(["custom.colour", "custom.note"]);
  expect(orderedBy("customer")).toEqual(["custom.colour"]);
  expect(ownTerms("customer")["custom.colour"]).toMatchObject({ kind: "code", enum: ["red"] });
  expect(ownTerms("customer")["custom.note"]!.operators).toContain("contains");
});
