import type { QueryClient } from "@tanstack/react-query";
import { pathNames } from "../api/call";
import { ME } from "../api/permissions";
import { special } from "../areas/routes";
import { questionIn } from "../resources/address";
import { listOf } from "../resources/queries";
import { resourceOf } from "../resources/registry";
import { newQueries } from "./queries";

let first: { by: string | null; queries: QueryClient } | undefined;

/**
 * Returns what is known to whoever has signed in: what one person was shown is not kept for the next one. React may begin
 * twice to draw before anything is there, and what was asked for by then is not asked for again.
 */
export function begun(by: string | null) {
  if (first?.by !== by) {
    first = { by, queries: newQueries() };
    ask(first.queries);
  }
  return first!.queries;
}

/** It is drawn, and React holds it as long as somebody is signed in. */
export function taken() {
  first = undefined;
}

/** Asks, before the frame is drawn, for what it shows nothing without, and for the list of the address beside it. */
function ask(queries: QueryClient) {
  void queries.prefetchQuery(ME);
  const [, name, ...below] = window.location.pathname.split("/");
  const resource = name && !below.length && !special.some(({ path }) => path === name) && resourceOf(name);
  if (!resource || pathNames(resource.list).length) return;
  const values = Object.fromEntries(new URLSearchParams(window.location.search));
  const question = questionIn(resource, values, { me: undefined, team: undefined });
  if (question) void queries.prefetchInfiniteQuery(listOf(resource, question));
}
