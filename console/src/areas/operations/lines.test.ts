import { expect, test } from "vitest";
import { jsonLines } from "./lines";

const streamOf = (...pieces: Uint8Array[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });

test("lines are read wherever the network has cut them, in the middle of a character too", async () => {
  const bytes = new TextEncoder().encode('{"name":"北京"}\n\n{"n":2}\n{"end":true}');
  const found = [];
  for await (const line of jsonLines(streamOf(bytes.slice(0, 10), bytes.slice(10, 21), bytes.slice(21))))
    found.push(line);
  expect(found).toEqual([{ name: "北京" }, { n: 2 }, { end: true }]);
});

test("a stream of nothing has no lines", async () => {
  const found = [];
  for await (const line of jsonLines(streamOf())) found.push(line);
  expect(found).toEqual([]);
});
