import { expect, test } from "vitest";
import { below } from "./team";

const page = (ids: string[], next: string | null = null) => ({ items: ids.map((id) => ({ id })), next });

test("a team is everybody below somebody, and a ring of superiors does not go round for ever", async () => {
  const reports: Record<string, string[]> = { me: ["a", "b"], a: ["c"], c: ["me", "a"] };
  const team = await below("me", async (managers) => page(managers.flatMap((each) => reports[each] ?? [])));
  expect(team).toEqual({ ids: ["a", "b", "c"], isCut: false });
});

test("a team that is too large for one question is cut, and says so", async () => {
  const many = Array.from({ length: 200 }, (_, index) => `${index}`);
  const cut = await below("me", async () => page(many, "more"));
  expect([cut.ids.length, cut.isCut]).toEqual([200, true]);
  const levels = [page(many.slice(0, 150)), page(many.slice(0, 60).map((id) => `below ${id}`))];
  const deep = await below("me", async () => levels.shift()!);
  expect([deep.ids.length, deep.isCut]).toEqual([200, true]);
});
