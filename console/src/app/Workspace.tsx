import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { RouterProvider } from "react-router";
import { pathNames } from "../api/call";
import { ME } from "../api/permissions";
import { signedInBy } from "../api/session";
import "../areas";
import { questionIn } from "../resources/address";
import { listOf } from "../resources/queries";
import { resourceOf } from "../resources/registry";
import { newQueries } from "./queries";
import { router } from "./routes";

let kept: { by: string | null; queries: QueryClient } | undefined;

/** What one person was shown is not kept for the next one. Who it is stands outside of React, which may begin twice to draw. */
function queriesOf(by: string | null) {
  if (kept?.by !== by) {
    kept = { by, queries: newQueries() };
    fetchAhead(kept.queries);
  }
  return kept!.queries;
}

/** Asks, before the frame is drawn, for what it shows nothing without, and for the list of the address beside it. */
function fetchAhead(queries: QueryClient) {
  void queries.prefetchQuery(ME);
  const [, name = "", ...below] = window.location.pathname.split("/");
  const resource = below.length ? undefined : resourceOf(name);
  if (!resource || pathNames(resource.list).length) return;
  const values = Object.fromEntries(new URLSearchParams(window.location.search));
  const question = questionIn(resource, values, { me: undefined, team: undefined });
  if (question) void queries.prefetchInfiniteQuery(listOf(resource, question));
}

/** Everything behind the sign-in. It is fetched while one types one's password. */
export default function Workspace() {
  const [queries] = useState(() => queriesOf(signedInBy()));
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
