import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/call";
import type { Query } from "../../resources/queries";
import { opportunities } from "../sales";

type Total = { stage: string; currency: string; amount: string; count: number };

/** How many there are in each stage and what they come to, over all and not only what is shown. */
export function useTotals(question: Query) {
  const filters = Object.fromEntries(Object.entries(question).filter(([key]) => key.startsWith("filter[")));
  const { data } = useQuery({
    queryKey: [opportunities.name, "totals", filters],
    queryFn: ({ signal }) => call<{ items: Total[] }>("total_opportunities", { query: filters, signal }),
  });
  return (stage: string) => data?.items.filter((each) => each.stage === stage);
}
