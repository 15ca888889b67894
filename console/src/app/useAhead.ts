import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

/** How long nothing is asked for before it is quiet. */
const QUIET_MS = 300;

/** Fetches what is likely to be wanted soon, once the page that was opened first has all that it asks for. */
export function useAhead(fetch: () => void) {
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (queries.isFetching() > 0) return;
        end();
        fetch();
      }, QUIET_MS);
    };
    const end = queries.getQueryCache().subscribe(wait);
    wait();
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [queries, fetch]);
}
