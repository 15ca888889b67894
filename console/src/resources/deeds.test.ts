import { beforeEach, expect, test } from "vitest";
import type { Call, Row } from "../api/call";
import { Problem } from "../api/problem";
import { isSame, perform } from "./deeds";

const silence = new Problem(0, { code: "unreachable" });
const refusal = (status: number) => new Problem(status, { code: "refused" });

/** A server that answers in this order; what it was asked with is kept. */
let asked: Call[];
function server(...answers: (Row | Problem)[]) {
  return async (_operation: string, call: Call) => {
    asked.push(call);
    const answer = answers.shift()!;
    if (answer instanceof Problem) throw answer;
    return answer;
  };
}
const done = { id: "1", version: 2 };
const outcome = (promise: Promise<Row>) => promise.catch((error) => error);
beforeEach(() => {
  asked = [];
});

test("a deed has one key until it is done, also over an ended session, and each deed its own", async () => {
  const ask = server(silence, refusal(401), done, done, done, done);
  const contract = { path: "1", version: 1 };
  for (let time = 0; time < 4; time++) await outcome(perform("me", "submit_contract", contract, ask));
  await perform("me", "submit_contract", { path: "2", version: 1 }, ask);
  await perform("me", "submit_contract", { path: "1", version: 2 }, ask);
  const [first, second, third, ...others] = asked.map(({ key }) => key);
  expect(first).toBeTruthy();
  expect([second, third]).toEqual([first, first]);
  expect(new Set([first, ...others]).size).toBe(4);
});

test("a try of one account is not gone on with by the next one in this tab", async () => {
  const ask = server(silence, silence, refusal(404), done);
  const submit = (whose: string) => outcome(perform(whose, "submit_contract", { path: "3", version: 1 }, ask));
  const remove = (whose: string) => outcome(perform(whose, "delete_contract", { path: "3" }, ask));
  await submit("wang");
  await remove("wang");
  expect(await remove("li")).toMatchObject({ status: 404 });
  await submit("li");
  expect(asked[3]!.key).not.toBe(asked[0]!.key);
});

test("only what is posted has a key", async () => {
  await perform("me", "update_contract", { path: "1", body: { name: "x" } }, server(done));
  expect(asked).toEqual([{ path: "1", body: { name: "x" }, key: undefined }]);
});

test("what was deleted by a try that nobody answered is gone, and no failure", async () => {
  const ask = server(silence, refusal(404), refusal(404));
  const remove = () => outcome(perform("me", "delete_contract", { path: "1" }, ask));
  expect(await remove()).toBe(silence);
  expect(await remove()).not.toBeInstanceOf(Problem);
  expect(await remove()).toMatchObject({ status: 404 });
});

test("a change that an unanswered try has made is done, and one that somebody else has made is a conflict", async () => {
  const mine = { ...done, name: "云图" };
  const ask = server(silence, refusal(412), mine, silence, refusal(412), { ...done, name: "别人的" });
  const change = () =>
    outcome(perform("me", "update_contract", { path: "1", version: 1, body: { name: "云图" } }, ask));
  expect(await change()).toBe(silence);
  expect(await change()).toEqual(mine);
  expect(await change()).toBe(silence);
  expect(await change()).toMatchObject({ status: 412 });
});

test("the order of members says nothing, that of a list does", () => {
  expect(isSame({ a: { b: 1, c: [1, 2] }, d: null }, { d: null, a: { c: [1, 2], b: 1 } })).toBe(true);
  expect(isSame([1, 2], [2, 1])).toBe(false);
  expect(isSame(undefined, null)).toBe(true);
});
