import { type QueryCache, useQueryClient } from "@tanstack/react-query";
import { useState, useSyncExternalStore } from "react";
import { mayPass } from "../api/problem";

/** Follows which places could not be had when their records were asked for last: `shown` has them in one text. */
export function followAway(cache: QueryCache) {
  const away = new Set<string>();
  const follow = {
    shown: "",
    subscribe: (tell: () => void) =>
      cache.subscribe((event) => {
        if (event.type !== "updated") return;
        const [place, kind] = event.query.queryKey as string[];
        const { type } = event.action;
        // Names come a few at a time from many places; while something is asked for nothing is known yet.
        if (!place || kind === "name" || (type !== "error" && type !== "success")) return;
        if (event.action.type === "error" && mayPass(event.action.error)) away.add(place);
        else away.delete(place);
        follow.shown = [...away].sort().join(" ");
        tell();
      }),
  };
  return follow;
}

/** Returns whether the service behind a place does not answer now: its tab is grey, and the others work. */
export function useAway() {
  const queries = useQueryClient();
  const [follow] = useState(() => followAway(queries.getQueryCache()));
  const away = useSyncExternalStore(follow.subscribe, () => follow.shown).split(" ");
  return (name: string) => away.includes(name);
}
