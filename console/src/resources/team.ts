import { useQuery } from "@tanstack/react-query";
import { call, type Page } from "../api/call";
import { useAllowed, useMe } from "../api/permissions";

/** As many as one filter takes. */
const MOST = 200;

/** Who reports to somebody, and whether they are more than that. */
type Team = { ids: string[]; isCut: boolean };
type Ask = (managers: string[]) => Promise<Page>;

/** Everybody below somebody, level by level: a ring of superiors does not go round for ever. */
export async function below(me: string, ask: Ask): Promise<Team> {
  const known = new Set<string>();
  let isCut = false;
  for (let level = [me]; level.length > 0 && known.size < MOST; ) {
    const page = await ask(level);
    level = page.items.map((row) => row.id).filter((id) => id !== me && !known.has(id));
    for (const id of level) known.add(id);
    // A level of which not all came, or that would make too many of them.
    isCut ||= page.next !== null || known.size > MOST;
  }
  return { ids: [...known].slice(0, MOST), isCut };
}

/** Whether somebody may be asked whom they answer for. */
export const useMayHaveTeam = () => useAllowed()("list_accounts");

/** Those who report to whoever is signed in, also by way of others; undefined until they are wanted and known. */
export function useTeam(isWanted: boolean) {
  const me = useMe().data?.id;
  const allowed = useMayHaveTeam();
  return useQuery({
    queryKey: ["me", "team", me],
    queryFn: ({ signal }) =>
      below(me!, (managers) => {
        const query = { "filter[manager_id][in]": managers.join(","), limit: MOST, fields: "id" };
        return call<Page>("list_accounts", { query, signal });
      }),
    enabled: isWanted && me !== undefined && allowed,
    staleTime: 300_000,
  });
}
