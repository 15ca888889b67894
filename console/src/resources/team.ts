import { useQuery } from "@tanstack/react-query";
import { call, type Page } from "../api/call";
import { useAllowed, useMe } from "../api/permissions";

/** As many as one filter takes. */
const MOST = 200;

/** Everybody below somebody, level by level: a ring of superiors does not go round for ever. */
async function below(me: string, signal: AbortSignal) {
  const known = new Set<string>();
  for (let level = [me]; level.length > 0 && known.size < MOST; ) {
    const query = { "filter[manager_id][in]": level.join(","), limit: MOST, fields: "id" };
    const page = await call<Page>("list_accounts", { query, signal });
    level = page.items.map((row) => row.id).filter((id) => id !== me && !known.has(id));
    for (const id of level) known.add(id);
  }
  return [...known].slice(0, MOST);
}

/** The ids of those who report to whoever is signed in, also by way of others; undefined until they are known. */
export function useTeam() {
  const me = useMe().data?.id;
  const allowed = useAllowed()("list_accounts");
  return useQuery({
    queryKey: ["me", "team", me],
    queryFn: ({ signal }) => below(me!, signal),
    enabled: me !== undefined && allowed,
    staleTime: 300_000,
  }).data;
}
