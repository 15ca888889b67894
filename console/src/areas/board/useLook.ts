import { useQueryClient } from "@tanstack/react-query";
import { call, type Row } from "../../api/call";
import { opportunities } from "../sales";

/**
 * Returns what looks at the record of a card: a list does not say what one may do with each of its records (decision 35),
 * so it is asked for once somebody wants to do something. Where it cannot be had the card is what is known.
 */
export function useLook() {
  const queries = useQueryClient();
  return (card: Row) =>
    queries
      .fetchQuery({
        queryKey: [opportunities.name, "record", card.id],
        queryFn: ({ signal }) => call(opportunities.get!, { path: card.id, signal }),
        staleTime: 0,
        retry: false,
      })
      .catch(() => card);
}
