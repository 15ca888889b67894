import { useQueryClient } from "@tanstack/react-query";
import { call } from "../api/call";
import { ME, type Preferences, useMe } from "../api/permissions";

/** How somebody likes the console, wherever they sign in, and what says that they like it otherwise. */
export function usePreferences() {
  const queries = useQueryClient();
  const preferences = useMe().data?.preferences;
  const prefer = (changed: Partial<Preferences>) => {
    // It holds at once. Where the server does not hear of it, it is with the next look as it was.
    queries.setQueryData(ME.queryKey, (me) => me && { ...me, preferences: { ...me.preferences, ...changed } });
    void call("update_own_preferences", { body: changed }).catch(() => queries.invalidateQueries(ME));
  };
  return { preferences, prefer };
}
