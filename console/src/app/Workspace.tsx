import { QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { RouterProvider } from "react-router";
import { ME } from "../api/permissions";
import "../areas";
import { newQueries } from "./queries";
import { router } from "./routes";

/** Everything behind the sign-in. It is fetched while one types one's password. */
export default function Workspace() {
  // What one person was shown is not kept for the next one.
  const [queries] = useState(() => {
    const fresh = newQueries();
    // Asked for before the frame is drawn, which shows nothing without it.
    void fresh.prefetchQuery(ME);
    return fresh;
  });
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
