import { useQuery } from "@tanstack/react-query";
import { call } from "../api/call";
import type { OperationName } from "../api/meta";
import { useAllowed } from "../api/permissions";
import { isFilter } from "./address";
import type { Query } from "./queries";
import type { Resource } from "./registry";

/** How many records there are of a kind in a currency, and what they come to. */
export type Total = { currency: string; count: number } & Record<string, unknown>;

/** What a list comes to, over all of it and not only what is shown. */
export function useTotals(resource: Resource, totals: OperationName, question: Query | undefined) {
  const filters = Object.fromEntries(Object.entries(question ?? {}).filter(([key]) => isFilter(key)));
  return useQuery({
    queryKey: [resource.name, "totals", filters],
    queryFn: async ({ signal }) => (await call<{ items: Total[] }>(totals, { query: filters, signal })).items,
    // Whom a scope means may not be known yet.
    enabled: useAllowed()(totals) && question !== undefined,
  });
}
