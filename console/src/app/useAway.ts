import { type QueryCache, useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { mayPass } from "../api/problem";

/** The places whose records could not be had when they were last asked for, in one text. */
export const awayIn = (cache: Pick<QueryCache, "getAll">) =>
  [...new Set(cache.getAll().flatMap(({ queryKey, state }) => (isAway(queryKey, state) ? [String(queryKey[0])] : [])))]
    .sort()
    .join(" ");

function isAway(queryKey: readonly unknown[], { status, error }: { status: string; error: unknown }) {
  return status === "error" && queryKey[1] !== "name" && mayPass(error);
}

/** Returns whether the service behind a place does not answer now: its tab is grey, and the others work. */
export function useAway() {
  const cache = useQueryClient().getQueryCache();
  const away = useSyncExternalStore(
    (tell) => cache.subscribe(tell),
    () => awayIn(cache),
  ).split(" ");
  return (name: string) => away.includes(name);
}
