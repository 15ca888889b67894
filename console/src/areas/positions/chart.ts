import type { Row } from "../../api/call";

export type Place = { row: Row; below: Place[] };

const superiorOf = (row: Row) => (row.superior_id as string | null) ?? undefined;

/**
 * The chart of positions (ID-05): those with a superior position that are management positions, each below its superior,
 * and the positions that they stand below. What has neither is not drawn.
 */
export function charted(rows: Row[]): Place[] {
  const known = new Map(rows.map((row) => [row.id, row]));
  const drawn = new Set(rows.filter((row) => row.management && superiorOf(row)).map((row) => row.id));
  for (const id of drawn) {
    const above = superiorOf(known.get(id)!);
    // What is added is gone through too.
    if (above && known.has(above)) drawn.add(above);
  }
  const places = new Map([...drawn].map((id) => [id, { row: known.get(id)!, below: [] as Place[] }]));
  const top: Place[] = [];
  for (const place of places.values()) (places.get(superiorOf(place.row) ?? "")?.below ?? top).push(place);
  return top;
}
