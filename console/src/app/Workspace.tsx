import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { RouterProvider } from "react-router";
import { ME } from "../api/permissions";
import { mayPass } from "../api/problem";
import "../areas";
import { router } from "./routes";

const AGAIN_MS = 5_000;

/**
 * A refusal is an answer: only what may pass is asked for again, at once and then until the service is back. Without a
 * connection everything fails at once and says so, instead of waiting for one in silence (networkMode).
 */
function newQueries() {
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: "always",
        staleTime: 15_000,
        retry: (count, error) => count < 2 && mayPass(error),
        refetchInterval: ({ state }) => mayPass(state.error) && AGAIN_MS,
      },
      mutations: { networkMode: "always" },
    },
  });
  // Asked for before the frame is drawn, which shows nothing without it.
  void queries.prefetchQuery(ME);
  return queries;
}

/** Everything behind the sign-in. It is fetched while one types one's password. */
export default function Workspace() {
  // What one person was shown is not kept for the next one.
  const [queries] = useState(newQueries);
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
