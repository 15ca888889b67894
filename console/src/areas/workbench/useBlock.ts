import { useQuery } from "@tanstack/react-query";
import { call, type Page, type Row } from "../../api/call";
import { useAllowed } from "../../api/permissions";
import { useQuestion } from "../../resources/address";
import type { Day } from "../../resources/days";
import { type Resource, resourceOf } from "../../resources/registry";
import type { Block, Source } from "./blocks";

/** How many rows a block shows; how many there are stands in its head. */
const SHOWN = 5;

/** A row of a block, and of which of its lists it is. */
export type Line = { source: Source; resource: Resource; row: Row };

/** The beginning of a block and how long it is. The bell and the workbench ask the same, so it is asked once. */
export function useBlock(block: Block, day: Day) {
  // Whoever shows a block makes another one of another block, so that these hooks stay the same (key).
  const parts = block.sources.map((source) => useSource(source, day)).filter(({ allowed }) => allowed);
  const lines = parts.flatMap(({ source, resource, rows }) => rows.map((row) => ({ source, resource, row })));
  const totals = parts.flatMap(({ total }) => total ?? []);
  return {
    allowed: parts.length > 0,
    parts,
    lines: parts.length > 1 ? woven(lines, block).slice(0, SHOWN) : lines,
    total: totals.length > 0 ? totals.reduce((sum, total) => sum + total, 0) : undefined,
    isEmpty: parts.every(({ total }) => total === 0),
    isLoading: parts.some(({ first }) => first.isLoading),
    failed: parts.find(({ first }) => first.error)?.first,
  };
}

/** Rows of several lists in the order of their clock; those that it does not count come last, as they came. */
export function woven(lines: Line[], { clock }: Block) {
  const timeOf = ({ row }: Line) => String(clock.of(row) ?? "9999");
  return [...lines].sort((one, other) => timeOf(one).localeCompare(timeOf(other)));
}

function useSource(source: Source, day: Day) {
  const resource = resourceOf(source.resource)!;
  const allowed = useAllowed()(resource.list);
  const question = useQuestion(resource, source.address(day));
  const first = useQuery({
    queryKey: [resource.name, "block", question],
    queryFn: ({ signal }) => call<Page>(resource.list, { query: { ...question, limit: SHOWN, count: true }, signal }),
    enabled: allowed && question !== undefined,
  });
  return { source, resource, allowed, first, rows: first.data?.items ?? [], total: first.data?.total };
}
