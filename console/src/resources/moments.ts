import type { Row } from "../api/call";
import type { Resource } from "./registry";

/** One list of a timeline, as far as it was fetched; an end that is not reached yet has more behind it. */
export type Strand = { resource: Resource; by: string; rows: Row[]; hasMore: boolean };
/** One entry; `by` is what its list was narrowed by to the record whose timeline it is. */
export type Moment = { resource: Resource; by: string; row: Row; at: string };

const timeOf = (resource: Resource, row: Row) => String(row[resource.entry!.at]);

/** The oldest entry that was fetched of a list that goes on: nothing older may be shown before the rest is there. */
function horizon(strand: Strand) {
  const last = strand.rows.at(-1);
  return strand.hasMore && last ? timeOf(strand.resource, last) : "";
}

const latestOf = (strands: Strand[]) => strands.map(horizon).sort().at(-1) ?? "";

/** Weaves lists into one, the newest first, as far back as all of them were fetched. */
export function woven(strands: Strand[]): Moment[] {
  const known = latestOf(strands);
  return strands
    .flatMap(({ resource, by, rows }) => rows.map((row) => ({ resource, by, row, at: timeOf(resource, row) })))
    .filter(({ at }) => at >= known)
    .sort((one, other) => other.at.localeCompare(one.at));
}

/** Which lists have to be fetched further, so that the timeline goes on: those whose end is met first. */
export function nextOf<S extends Strand>(strands: S[]): S[] {
  const open = strands.filter((strand) => strand.hasMore);
  const known = latestOf(open);
  return open.filter((strand) => horizon(strand) >= known);
}
