import { QueryCache, QueryClient } from "@tanstack/react-query";
import { mayPass, triedAgain } from "../api/problem";
import { isShort } from "../resources/queries";

const SOONEST_MS = 5_000;
const LATEST_MS = 20_000;

/** When to ask again for what failed so often in a row: later each time, and not everything at the same moment. */
export const againIn = (failures: number, share: number) =>
  Math.min(LATEST_MS, SOONEST_MS * 2 ** (failures - 1)) * (0.75 + share / 2);

/**
 * What the server knows, as far as it was asked. A refusal is an answer: only what may pass is asked for again, at once
 * and then until the service is back. Without a connection everything fails at once and says so, instead of waiting for
 * one in silence (networkMode). Nothing is asked while nobody looks at the tab; who comes back to it gets what is old
 * by then anew.
 */
export function newQueries() {
  /** What each query draws, so that what failed together is not asked for together again. */
  const shares = new WeakMap<object, number>();
  const shareOf = (query: object) => {
    const share = shares.get(query) ?? Math.random();
    shares.set(query, share);
    return share;
  };
  /** How often each had failed when it was answered last. */
  const before = new WeakMap<object, number>();
  const queryCache = new QueryCache({
    onSuccess: (_data, query) => void before.set(query, query.state.errorUpdateCount),
  });
  return new QueryClient({
    queryCache,
    defaultOptions: {
      queries: {
        networkMode: "always",
        staleTime: 15_000,
        retry: triedAgain,
        refetchInterval: (query) =>
          mayPass(query.state.error) &&
          againIn(query.state.errorUpdateCount - (before.get(query) ?? 0), shareOf(query)),
        refetchOnWindowFocus: isShort,
      },
      mutations: { networkMode: "always" },
    },
  });
}
