import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { call, type Page, type Row } from "../api/call";
import { useAllowed } from "../api/permissions";
import { type Resource, recordPath, titleOf } from "./registry";

/** Ids that wait to be asked for together: what one page shows is one request for each kind of record. */
const waiting = new Map<Resource, { ids: Set<string>; asked: Promise<Map<string, Row>> }>();
const MOST = 200;

function ask(resource: Resource, id: string): Promise<Map<string, Row>> {
  const batch = waiting.get(resource);
  if (batch && batch.ids.size < MOST) {
    batch.ids.add(id);
    return batch.asked;
  }
  const ids = new Set([id]);
  const asked = new Promise((begin) => setTimeout(begin)).then(async () => {
    if (waiting.get(resource)?.ids === ids) waiting.delete(resource);
    const fields = ["id", ...resource.title].join(",");
    const query = { "filter[id][in]": [...ids].join(","), limit: MOST, fields };
    const page = await call<Page>(resource.list, { query });
    return new Map(page.items.map((row) => [row.id, row]));
  });
  waiting.set(resource, { ids, asked });
  return asked;
}

/** What a record is called, by its id: undefined until it is known, null where the reader may not see it. */
export function useName(resource: Resource, id: string | undefined, known?: string) {
  const allowed = useAllowed()(resource.list);
  const { data } = useQuery({
    queryKey: [resource.name, "name", id],
    queryFn: async () => {
      const row = (await ask(resource, id!)).get(id!);
      return row ? titleOf(resource, row) : null;
    },
    enabled: Boolean(id) && !known && allowed,
    staleTime: 300_000,
  });
  return known ?? (allowed ? data : null);
}

/** A record by its name, leading to it. */
export function Reference({ resource, id, known }: { resource: Resource; id: string; known?: string }) {
  const name = useName(resource, id, known);
  const allowed = useAllowed()(resource.get);
  if (name === undefined) return <>…</>;
  if (name === null) return <>—</>;
  return allowed ? (
    <Link to={recordPath(resource, id)} onClick={(event) => event.stopPropagation()}>
      {name}
    </Link>
  ) : (
    name
  );
}
