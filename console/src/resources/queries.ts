import { keepPreviousData, type QueryClient, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Call, call, type Page, pathNames, type Row } from "../api/call";
import type { OperationName } from "../api/meta";
import type { Resource } from "./registry";

/** How many rows one request brings. */
const PAGE = 50;

export type Query = Record<string, string>;
/** Whose records: `{ by: "customer_id", id }` is a name in the path of the list, or a filter of it. */
export type Owner = { by: string; id: string };

export function asked(list: OperationName, query: Query, owner?: Owner): Call {
  if (!owner) return { query };
  return pathNames(list).includes(owner.by)
    ? { query, path: { [owner.by]: owner.id } }
    : { query: { ...query, [`filter[${owner.by}]`]: owner.id } };
}

/** The rows of a list, a page at a time; how many there are in all comes with the first page. */
export function useList(resource: Resource, query: Query, owner?: Owner, enabled = true) {
  const list = useInfiniteQuery({
    queryKey: [resource.name, "list", query, owner],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const { path, query: own } = asked(resource.list, query, owner);
      const paging = { limit: PAGE, cursor: pageParam, count: pageParam === undefined ? true : undefined };
      return call<Page>(resource.list, { path, query: { ...own, ...paging }, signal });
    },
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    enabled,
  });
  return {
    ...list,
    rows: list.data?.pages.flatMap((page) => page.items) ?? [],
    total: list.data?.pages[0]?.total,
    more: () => {
      if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
    },
  };
}

export function useRecord(resource: Resource, id: string | undefined, first?: Row) {
  return useQuery({
    queryKey: [resource.name, "record", id],
    queryFn: ({ signal }) => call(resource.get!, { path: id!, signal }),
    enabled: Boolean(id && resource.get),
    placeholderData: first,
  });
}

/** Returns what a change calls when it is done: everything of the noun, and what else shows it, is read anew. */
export function useRefresh() {
  const queries = useQueryClient();
  return (resource: Resource, saved?: Row) => refresh(queries, resource, saved);
}

function refresh(queries: QueryClient, resource: Resource, saved?: Row) {
  if (saved?.id) queries.setQueryData([resource.name, "record", saved.id], saved);
  // One deed may change records of other nouns too, in services that hear of it a moment later.
  return queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "me" && queryKey[1] !== "name" });
}
