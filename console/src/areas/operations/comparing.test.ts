import { expect, test } from "vitest";
import { Problem } from "../../api/problem";
import { type Comparison, comparing } from "./comparing";

const difference = (id: string) => ({ audit: "customer copies", id });
const END = { differences: 1, unavailable: ["finance"] };

async function* from(...lines: (Record<string, unknown> | Error)[]) {
  for (const line of lines)
    if (line instanceof Error) throw line;
    else yield line;
}

async function seen(lines: AsyncIterable<Record<string, unknown>>, signal = new AbortController().signal) {
  const told: Comparison[] = [];
  await comparing(lines, (far) => told.push(far), signal);
  return told;
}

test("each difference is told as it is found, and what the services have come to at the end", async () => {
  const told = await seen(from(difference("c1"), END));
  expect(told.map(({ count }) => count)).toEqual([1, 1]);
  expect(told[0]).toMatchObject({ rows: [{ id: "0", key: "c1" }] });
  expect(told[0]!.end).toBeUndefined();
  expect(told[1]!.end).toEqual({ state: "done", ...END });
});

test("a stream without its last line was cut off, and so was one that broke", async () => {
  expect((await seen(from(difference("c1")))).at(-1)).toMatchObject({ count: 1, end: { state: "cut" } });
  expect((await seen(from(new TypeError("network error")))).at(-1)!.end).toEqual({ state: "cut" });
});

test("a comparison that was stopped is no failure", async () => {
  const stopping = new AbortController();
  stopping.abort();
  const told = await seen(from(difference("c1"), new DOMException("stopped", "AbortError")), stopping.signal);
  expect(told.at(-1)).toMatchObject({ count: 1, end: { state: "stopped" } });
});

test("what the services fail with is told, and what the gateway refuses is thrown", async () => {
  expect((await seen(from({ detail: "no broker" }))).at(-1)!.end).toEqual({ state: "failed", detail: "no broker" });
  await expect(seen(from(new Problem(403, { code: "forbidden" })))).rejects.toThrow(Problem);
});

test("the first five hundred are kept, and all are counted", async () => {
  const many = Array.from({ length: 502 }, (_, at) => difference(`c${at}`));
  const last = (await seen(from(...many, END))).at(-1)!;
  expect([last.rows.length, last.count]).toEqual([500, 502]);
});
