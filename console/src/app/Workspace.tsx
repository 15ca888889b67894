import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { RouterProvider } from "react-router/dom";
import { signedInBy } from "../api/session";
import "../areas";
import { begun, taken } from "./ahead";
import { router } from "./routes";

/** Everything behind the sign-in. It is fetched while one types one's password. */
export default function Workspace() {
  const [queries] = useState(() => begun(signedInBy()));
  useEffect(taken, []);
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
