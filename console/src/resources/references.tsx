import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { Link } from "react-router";
import { call, type Page, type Row } from "../api/call";
import type { Field } from "../api/meta";
import { useAllowed } from "../api/permissions";
import { type Resource, recordPath, referred, titleOf } from "./registry";

/** What waits to be asked for together: what one page shows is one request for each kind of record. */
const waiting = new Map<string, { keys: Set<string>; asked: Promise<Map<string, Row>> }>();
const MOST = 200;

function ask(resource: Resource, key: string, by: string): Promise<Map<string, Row>> {
  const kind = `${resource.name} ${by}`;
  const batch = waiting.get(kind);
  if (batch && batch.keys.size < MOST) {
    batch.keys.add(key);
    return batch.asked;
  }
  const keys = new Set([key]);
  const asked = new Promise((begin) => setTimeout(begin)).then(async () => {
    if (waiting.get(kind)?.keys === keys) waiting.delete(kind);
    const fields = [...new Set(["id", by, ...resource.title])].join(",");
    const query = { [`filter[${by}][in]`]: [...keys].join(","), limit: MOST, fields };
    const page = await call<Page>(resource.list, { query });
    return new Map(page.items.map((row) => [String(row[by]), row]));
  });
  waiting.set(kind, { keys, asked });
  return asked;
}

/** A record by what names it: undefined until it is known, null where the reader may not see it. */
function useNamed(resource: Resource, key: string | undefined, by = "id", known?: string): Row | null | undefined {
  const allowed = useAllowed()(resource.list);
  const { data } = useQuery({
    queryKey: [resource.name, "name", key, by],
    queryFn: async () => (await ask(resource, key!, by)).get(key!) ?? null,
    enabled: Boolean(key) && !known && allowed,
    staleTime: 300_000,
  });
  return allowed ? data : null;
}

/** What a record is called: undefined until it is known, null where the reader may not see it. */
export function useName(resource: Resource, key: string | undefined, by?: string, known?: string) {
  const row = useNamed(resource, key, by, known);
  return known ?? (row && titleOf(resource, row));
}

/** A record by its name, leading to it. */
export function Reference({ field, id, known }: { field: Field; id: string; known?: string }) {
  const resource = referred(field)!;
  const by = field["reference-by"] ?? "id";
  const row = useNamed(resource, id, by, known);
  const name = known ?? (row && titleOf(resource, row));
  const path = by === "id" ? id : row?.id;
  const allowed = useAllowed()(resource.get);
  if (name === undefined) return <>…</>;
  if (name === null) return <>—</>;
  return allowed && path ? (
    <Link to={recordPath(resource, path)} onClick={(event) => event.stopPropagation()}>
      {name}
    </Link>
  ) : (
    name
  );
}

/** Several of them. */
export function References({ field, values }: { field: Field; values: string[] }) {
  return values.map((each, index) => (
    <Fragment key={each}>
      {index > 0 && ", "}
      <Reference field={field} id={each} />
    </Fragment>
  ));
}
