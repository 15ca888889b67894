import { expect, test } from "vitest";
import { Problem } from "../../api/problem";
import { type Rebuilt, rebuilding } from "./rebuilding";

type Line = Record<string, unknown>;

/** What is told while these lines come, and then perhaps a failure. */
async function told(lines: Line[], failure?: Error, stopping = new AbortController()) {
  const heard: Rebuilt[] = [];
  async function* coming() {
    yield* lines;
    if (failure) throw failure;
  }
  await rebuilding(coming(), (far) => heard.push(far), stopping.signal);
  return heard;
}
const page = (sent: number) => ({ type: "customer.created", sent });

test("pages are counted as they come, and an answer that ends is all of it", async () => {
  expect(await told([page(200), page(17)])).toEqual([
    { sent: 200, state: "running" },
    { sent: 217, state: "running" },
    { sent: 217, state: "finished" },
  ]);
  expect(await told([])).toEqual([{ sent: 0, state: "finished" }]);
});

test("a service that gives up, a lost connection and a stop are told apart, and keep the count", async () => {
  const end = async (...how: Parameters<typeof told>) => (await told(...how)).at(-1);
  const gaveUp = { error: "unavailable", detail: "finance does not answer" };
  expect(await end([page(3), gaveUp])).toEqual({ sent: 3, state: "failed", detail: "finance does not answer" });
  expect(await end([page(3)], new TypeError("network error"))).toEqual({ sent: 3, state: "cut" });
  const stopped = new AbortController();
  stopped.abort();
  expect(await end([page(3)], new DOMException("", "AbortError"), stopped)).toEqual({ sent: 3, state: "stopped" });
});

test("what is refused is no end of it", async () => {
  await expect(told([], new Problem(403, { code: "permission-required" }))).rejects.toThrow(Problem);
});
