import { expect, test } from "vitest";
import { charted } from "./chart";

const position = (id: string, superior_id: string | null, management: boolean) => ({
  id,
  version: 1,
  superior_id,
  management,
});

test("the chart draws management positions with a superior, and what they stand below", () => {
  const rows = [
    position("chief", null, false),
    position("east", "chief", true),
    position("team", "east", true),
    position("seller", "team", false),
    position("alone", null, true),
  ];
  const [chief, ...rest] = charted(rows);
  expect(rest).toEqual([]);
  expect([chief?.row.id, chief?.below[0]?.row.id, chief?.below[0]?.below[0]?.row.id]).toEqual([
    "chief",
    "east",
    "team",
  ]);
  expect(chief?.below[0]?.below[0]?.below).toEqual([]);
});

test("a position whose superior is not seen stands at the top", () => {
  expect(charted([position("team", "hidden", true)]).map((place) => place.row.id)).toEqual(["team"]);
});
