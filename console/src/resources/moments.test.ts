import { expect, test } from "vitest";
import { nextOf, type Strand, woven } from "./moments";
import type { Resource } from "./registry";

const of = (name: string, hasMore: boolean, ...times: string[]): Strand => ({
  resource: { name, entry: { at: "at", by: "by", says: [] } } as unknown as Resource,
  by: "customer_id",
  rows: times.map((at) => ({ id: `${name} ${at}`, at })),
  hasMore,
});
const shown = (...strands: Strand[]) => woven(strands).map(({ row }) => row.id);

test("lists become one line of time, the newest first", () => {
  expect(shown(of("notes", false, "2026-03", "2026-01"), of("history", false, "2026-02"))).toEqual([
    "notes 2026-03",
    "history 2026-02",
    "notes 2026-01",
  ]);
});

test("nothing is shown that lies behind what was not fetched yet", () => {
  const notes = of("notes", true, "2026-05", "2026-04");
  const history = of("history", false, "2026-06", "2026-03");
  expect(shown(notes, history)).toEqual(["history 2026-06", "notes 2026-05", "notes 2026-04"]);
  expect(nextOf([notes, history])).toEqual([notes]);
});

test("of two lists that go on the one that ends first is fetched", () => {
  const [long, short] = [of("long", true, "2026-05", "2026-01"), of("short", true, "2026-05", "2026-04")];
  expect(nextOf([long, short])).toEqual([short]);
});
