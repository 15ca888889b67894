import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call, type Page } from "../../api/call";
import { useAllowed, useMe } from "../../api/permissions";
import { useQuestion } from "../../resources/address";
import { beginningOf, dayOf, daysAfter } from "../../resources/days";
import { resourceOf } from "../../resources/registry";
import type { Block, Day } from "./blocks";

/** How many rows a block shows; how many there are stands in its head. */
const SHOWN = 5;

/** Which day it is in the house; a page that is open over midnight goes on with the next one. */
export function useDay(): Day {
  const zone = useMe().data!.time_zone;
  const [today, setToday] = useState(() => dayOf(new Date(), zone));
  useEffect(() => {
    const midnight = Date.parse(beginningOf(daysAfter(today, 1), zone));
    const next = setTimeout(() => setToday(dayOf(new Date(), zone)), midnight - Date.now() + 1_000);
    return () => clearTimeout(next);
  }, [today, zone]);
  return { today, zone };
}

/** The beginning of a block and how long it is. The bell and the workbench ask the same, so it is asked once. */
export function useBlock(block: Block) {
  const resource = resourceOf(block.resource)!;
  const allowed = useAllowed()(resource.list);
  const question = useQuestion(resource, block.address(useDay()));
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [resource.name, "block", question],
    queryFn: ({ signal }) => call<Page>(resource.list, { query: { ...question, limit: SHOWN, count: true }, signal }),
    enabled: allowed,
  });
  return { resource, allowed, rows: data?.items ?? [], total: data?.total, error, isLoading, refetch };
}
