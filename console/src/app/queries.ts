import { QueryCache, QueryClient } from "@tanstack/react-query";
import { mayPass } from "../api/problem";
import { isShort } from "../resources/queries";

const SOONEST_MS = 5_000;
const LATEST_MS = 20_000;

/** When to ask again for what failed so often in a row: later each time, and not everybody at the same moment. */
export const againIn = (failures: number, browser: number) =>
  Math.min(LATEST_MS, SOONEST_MS * 2 ** (failures - 1)) * (0.75 + browser / 2);

/**
 * What the server knows, as far as it was asked. A refusal is an answer: only what may pass is asked for again, at once
 * and then until the service is back. Without a connection everything fails at once and says so, instead of waiting for
 * one in silence (networkMode). Nothing is asked while nobody looks at the tab; who comes back to it gets what is old
 * by then anew.
 */
export function newQueries() {
  const browser = Math.random();
  /** How often each had failed when it was answered last. */
  const before = new Map<string, number>();
  const queryCache = new QueryCache({
    onSuccess: (_data, { queryHash, state }) => {
      if (state.errorUpdateCount > 0) before.set(queryHash, state.errorUpdateCount);
    },
  });
  return new QueryClient({
    queryCache,
    defaultOptions: {
      queries: {
        networkMode: "always",
        staleTime: 15_000,
        retry: (count, error) => count < 2 && mayPass(error),
        refetchInterval: ({ state, queryHash }) =>
          mayPass(state.error) && againIn(state.errorUpdateCount - (before.get(queryHash) ?? 0), browser),
        refetchOnWindowFocus: isShort,
      },
      mutations: { networkMode: "always" },
    },
  });
}
