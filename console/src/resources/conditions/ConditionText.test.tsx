// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { answering, inChinese, showPage } from "../../api/testing";
import "../../areas";
import ConditionText from "./ConditionText";
import type { Tree } from "./tree";

inChinese("conditions");

const named = (value: string) => ({ field: "name", operator: "eq", value });

/** What a tree reads like. */
async function read(value: Tree) {
  answering(() => ({ body: { items: [], next: null } }));
  showPage(<ConditionText value={value} row={{ subject_type: "contract" }} />, { permissions: { "*": "all" } });
  const [first] = await screen.findAllByRole("list");
  return first!.parentElement!.textContent;
}

test("none of some is said of an any, and of one by itself that it does not hold", async () => {
  expect(await read({ not: { any: [named("甲"), named("乙")] } })).toBe(
    "不满足任何一个条件合同名称 等于 甲合同名称 等于 乙",
  );
});

test("that not all of some hold is something else", async () => {
  expect(await read({ not: { all: [named("甲"), named("乙")] } })).toBe(
    "不满足以下条件满足全部条件合同名称 等于 甲合同名称 等于 乙",
  );
});
