import { useQueryClient } from "@tanstack/react-query";
import type { Row } from "../../api/call";
import { recordOf } from "../../resources/queries";
import { opportunities } from "../sales";

/**
 * Returns what looks at the record of a card: a list does not say what one may do with each of its records (decision 35),
 * so it is asked for once somebody wants to do something. Where it cannot be had the card is what is known.
 */
export function useLook() {
  const queries = useQueryClient();
  return (card: Row) =>
    queries.fetchQuery({ ...recordOf(opportunities, card.id), staleTime: 0, retry: false }).catch(() => card);
}
