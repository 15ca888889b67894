import { type Query, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { watchRefusals } from "../api/client";
import { follow, type News } from "../api/news";
import { ME } from "../api/permissions";
import { isShort, readAnew } from "../resources/queries";
import { resources } from "../resources/registry";
import { takesKeys } from "../resources/typing";

/** So long news are gathered: ten events of one deed are one reason to look. */
const GATHER_MS = 1_000;
/** Where much happens, what is shown is fetched anew so often at most. */
const BREATH_MS = 5_000;
/** When to look at news: soon after the first ones, and not before the last look is so long ago. */
export const lookIn = (now: number, lastLook: number) => Math.max(GATHER_MS, lastLook + BREATH_MS - now);

/** Which records an event is about, where its type says so by another word than the contract's. */
const ALSO: Record<string, string[]> = {
  activity: ["customer_activity", "customer"],
  case: ["case", "case_change"],
  "case.noted": ["case", "case_note"],
  "lead.activity_recorded": ["lead", "activity"],
  "opportunity.activity_recorded": ["opportunity", "activity"],
  contract: ["contract", "approval"],
};

/** The nouns of the records that an event of a type may have changed. */
export const nounsOf = (type: string) => ALSO[type] ?? ALSO[type.split(".")[0]!] ?? [type.split(".")[0]!];

/** What a change of a definition is about. */
const DEFINED = ["dictionaries", "numbering-rules", "parameters", "company", "fields"];

/** Freshens what is shown as soon as an event names its noun. */
export function useNews() {
  const queries = useQueryClient();
  useEffect(() => {
    const over = new AbortController();
    let waiting = new Set<string | null>();
    let soon: ReturnType<typeof setTimeout> | undefined;
    let lastLook = 0;
    const freshen = () => {
      soon = undefined;
      if (document.hidden) return;
      lastLook = Date.now();
      const typing = isTyping();
      freshenBy(queries, waiting, typing);
      // What somebody is typing into must not move under their hands: the rest waits until they leave the field.
      if (!typing) waiting = new Set();
    };
    const later = () => {
      // Who does not look at the page needs no fresh one: it is made anew when they come back.
      if (waiting.size > 0 && !document.hidden) soon ??= setTimeout(freshen, lookIn(Date.now(), lastLook));
    };
    const tell = (news: News) => {
      waiting.add(news?.type ?? null);
      later();
    };
    for (const event of ["focusout", "visibilitychange"])
      document.addEventListener(event, later, { signal: over.signal });
    follow(tell, over.signal);
    const unwatch = watchRefusals(() => {
      if (!queries.isFetching(ME)) void queries.invalidateQueries(ME);
    });
    return () => {
      over.abort();
      unwatch();
      clearTimeout(soon);
    };
  }, [queries]);
}

const isTyping = () => takesKeys(document.activeElement) || document.activeElement?.closest("form") != null;

function freshenBy(queries: QueryClient, types: Set<string | null>, typing: boolean) {
  const nouns = new Set([...types].flatMap((type) => (type ? nounsOf(type) : [])));
  const told = new Set(resources().flatMap(({ name, noun }) => (nouns.has(noun) ? [name] : [])));
  if (nouns.has("definition")) for (const name of DEFINED) told.add(name);
  const unknown = types.has(null);
  const isNow = (query: Query) => !typing || query.queryKey[1] === "block";
  void readAnew(queries, (query) => isNow(query) && isMeant(query, told, unknown));
}

/** Where what somebody may do comes from. */
const GIVES_PERMISSIONS = ["accounts", "roles"];

/** Whether a query may have another answer now. Names hardly change; a long list is not fetched from its beginning. */
export function isMeant(query: Pick<Query, "queryKey" | "state">, told: Set<string>, unknown: boolean) {
  const [name, kind] = query.queryKey as string[];
  const isTold = name === ME.queryKey[0] ? GIVES_PERMISSIONS.some((each) => told.has(each)) : told.has(name!);
  return kind !== "name" && (unknown || isTold) && isShort(query);
}
