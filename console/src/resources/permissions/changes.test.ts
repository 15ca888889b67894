import { describe, expect, test } from "vitest";
import en from "../../i18n/en/records.json";
import zh from "../../i18n/zh-CN/records.json";
import { EVERY, groups, SCOPES, SERVICES, servicesTold, unknownIn } from "./catalogue";
import { changesBetween, effective, granted, rebased } from "./changes";

const BEFORE = { "contract.read": "department", "contract.sign": "own", "case.read": "all" };

describe("changes between grants", () => {
  test("say what is gained, wider or new, before what is lost", () => {
    const after = { "contract.read": "own", "case.read": "all", "lead.read": "own", "contract.sign": "all" };
    expect(changesBetween(BEFORE, after)).toEqual([
      { permission: "contract.sign", from: "own", to: "all", gained: true },
      { permission: "lead.read", from: undefined, to: "own", gained: true },
      { permission: "contract.read", from: "department", to: "own", gained: false },
    ]);
  });

  test("are none where nothing differs, in whatever order it stands", () => {
    expect(changesBetween(BEFORE, Object.fromEntries(Object.entries(BEFORE).reverse()))).toEqual([]);
  });
});

test("a permission is given, changed and taken away, and the grants before stay what they were", () => {
  expect(granted({}, "lead.read", "own")).toEqual({ "lead.read": "own" });
  expect(granted(BEFORE, "contract.sign", "all")).toEqual({ ...BEFORE, "contract.sign": "all" });
  expect(granted(BEFORE, "case.read")).toEqual({ "contract.read": "department", "contract.sign": "own" });
  expect(Object.keys(BEFORE)).toHaveLength(3);
});

test("my changes are done to what somebody else made of it, and leave alone what I have not touched", () => {
  const mine = { ...granted(BEFORE, "case.read"), "lead.read": "own" };
  const theirs = { ...BEFORE, "contract.sign": "all", "case.read": "department" };
  expect(rebased(BEFORE, mine, theirs)).toEqual({
    "contract.read": "department",
    "contract.sign": "all",
    "lead.read": "own",
  });
});

test("what stands for every permission widens each of them", () => {
  expect(effective({ [EVERY]: "department", "lead.read": "own" }, "lead.read")).toBe("department");
  expect(effective({ [EVERY]: "own", "lead.read": "all" }, "lead.read")).toBe("all");
  expect(effective({}, "lead.read")).toBeUndefined();
});

describe("the catalogue", () => {
  test("has every service in its order", () => {
    expect([...SERVICES].sort()).toEqual(servicesTold().sort());
    for (const texts of [zh, en]) expect(Object.keys(texts.process.service).sort()).toEqual([...SERVICES].sort());
    expect(groups(SERVICES).every((group) => group.nouns.length > 0)).toBe(true);
  });

  test("knows what is held for all only, and what no program holds", () => {
    const all = groups(SERVICES).flatMap((group) => group.nouns.flatMap((noun) => noun.permissions));
    const called = (name: string) => all.find((each) => each.name === name);
    expect(called("role.write")).toMatchObject({ scopes: ["all"], forPeople: true });
    expect(called("contract.sign")).toMatchObject({ scopes: SCOPES, forPeople: false });
  });

  test("notices grants that it has no name for", () => {
    expect(unknownIn({ [EVERY]: "all", "contract.sign": "own", "quote.read": "own" })).toEqual(["quote.read"]);
  });
});
