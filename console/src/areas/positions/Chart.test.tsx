// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { answering, inChinese, showPage } from "../../api/testing";
import "..";
import { Component as Chart } from "./Chart";

inChinese("admin");

function show(pages: number) {
  let page = 0;
  answering((asked) => {
    if (!asked.endsWith("/positions")) return { body: { items: [], next: null } };
    page += 1;
    const items = Array.from({ length: 200 }, (_, place) => ({
      id: `${page}.${place}`,
      name: `职位 ${page}.${place}`,
    }));
    return { body: { items, next: page < pages ? "on" : null } };
  });
  showPage(<Chart />, { permissions: { "*": "all" } });
}

test("a chart that leaves positions out says so", async () => {
  show(11);
  expect((await screen.findByText(/只画出前 2,?000 个职位/)).getAttribute("role")).toBe("status");
});

test("a chart of all of them says nothing of it", async () => {
  show(2);
  await screen.findByText("还没有设置了上级职位的管理职位", { exact: false });
  expect(screen.queryByText(/只画出前/)).toBeNull();
});
