import { useQuery } from "@tanstack/react-query";
import { call, type Page } from "../../api/call";
import { useAllowed } from "../../api/permissions";
import { useQuestion } from "../../resources/address";
import type { Day } from "../../resources/days";
import { resourceOf } from "../../resources/registry";
import type { Block } from "./blocks";

/** How many rows a block shows; how many there are stands in its head. */
const SHOWN = 5;

/** The beginning of a block and how long it is. The bell and the workbench ask the same, so it is asked once. */
export function useBlock(block: Block, day: Day) {
  const resource = resourceOf(block.resource)!;
  const allowed = useAllowed()(resource.list);
  const question = useQuestion(resource, block.address(day));
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [resource.name, "block", question],
    queryFn: ({ signal }) => call<Page>(resource.list, { query: { ...question, limit: SHOWN, count: true }, signal }),
    enabled: allowed && question !== undefined,
  });
  return { resource, allowed, rows: data?.items ?? [], total: data?.total, error, isLoading, refetch };
}
