import { expect, test } from "vitest";
import { pauseAfter, toldBy } from "./news";
import { blocksOf } from "./sse";

const event = (type: string, subject: string) => JSON.stringify({ type, subject, data: { owner_id: "1" } });

test("blocks come whole, however the stream is cut into pieces", () => {
  const text = `retry: 2000\n\nid: a1\n\ndata: ${event("contract.signed", "7")}\nid: a2\n\n: \n\n`;
  const take = blocksOf();
  const blocks = [...text].flatMap((letter) => take(letter));
  expect(blocks.map(toldBy)).toEqual([
    { cursor: undefined },
    { cursor: "a1" },
    { news: { type: "contract.signed", subject: "7" }, cursor: "a2" },
    { cursor: undefined },
  ]);
});

test("a gap tells that anything may have happened, and where to go on", () => {
  const [block] = blocksOf()('event: cursor-expired\ndata: {"code": "cursor-expired"}\nid: b9\n\n');
  expect(toldBy(block!)).toEqual({ news: null, cursor: "b9" });
});

test("who cannot get through asks less and less often, and not all at the same moment", () => {
  expect([0, 1, 2, 3].map((failures) => pauseAfter(failures, 0.5))).toEqual([2_000, 4_000, 8_000, 16_000]);
  expect(pauseAfter(20, 1)).toBeLessThanOrEqual(75_000);
  expect(pauseAfter(20, 0)).toBeGreaterThanOrEqual(45_000);
});
