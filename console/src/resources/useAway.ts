import { type Query, type QueryCache, useQueryClient } from "@tanstack/react-query";
import { useState, useSyncExternalStore } from "react";
import { mayPass } from "../api/problem";

const answeredAt = ({ state }: Query) => Math.max(state.dataUpdatedAt, state.errorUpdatedAt);

/** Follows which places could not be had when their records were asked for last: `shown` has them in one text. */
export function followAway(cache: QueryCache) {
  const away = new Set<string>();
  const follow = {
    shown: "",
    subscribe: (tell: () => void) =>
      cache.subscribe((event) => {
        // While something is asked for nothing is known yet.
        if (event.type !== "updated" || (event.action.type !== "error" && event.action.type !== "success")) return;
        hear(event.query);
        tell();
      }),
  };
  const hear = ({ queryKey, state }: Query) => {
    const [place, kind] = queryKey as string[];
    // Names come a few at a time from many places.
    if (!place || kind === "name") return;
    if (mayPass(state.error)) away.add(place);
    else away.delete(place);
    follow.shown = [...away].sort().join(" ");
  };
  // What was answered before somebody looked, as where a window becomes so narrow that the phone's tabs are shown.
  const answered = cache.getAll().filter(({ state }) => state.status !== "pending");
  for (const query of answered.sort((one, other) => answeredAt(one) - answeredAt(other))) hear(query);
  return follow;
}

/** Returns whether the service behind a place does not answer now: its tab is grey, and the others work. */
export function useAway() {
  const queries = useQueryClient();
  const [follow] = useState(() => followAway(queries.getQueryCache()));
  const away = useSyncExternalStore(follow.subscribe, () => follow.shown).split(" ");
  return (name: string) => away.includes(name);
}
