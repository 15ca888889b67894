import {
  type InvalidateOptions,
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useLocation } from "react-router";
import { type Call, call, type Page, pathNames, type Row } from "../api/call";
import type { OperationName } from "../api/meta";
import { mayPass, Problem } from "../api/problem";
import type { Owner, Resource } from "./registry";

/** How many rows one request brings. */
const PAGE = 50;

export type Query = Record<string, string>;

export function asked(list: OperationName, query: Query, owner?: Owner): Call {
  if (!owner) return { query };
  return pathNames(list).includes(owner.by)
    ? { query, path: { [owner.by]: owner.id } }
    : { query: { ...query, [`filter[${owner.by}]`]: owner.id } };
}

/** The rows of a list, a page at a time. */
export function useList(resource: Resource, query: Query, owner?: Owner, enabled = true) {
  const list = useInfiniteQuery({
    queryKey: [resource.name, "list", query, owner],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const { path, query: own } = asked(resource.list, query, owner);
      return call<Page>(resource.list, { path, query: { ...own, limit: PAGE, cursor: pageParam }, signal });
    },
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    enabled,
  });
  return {
    ...list,
    rows: list.data?.pages.flatMap((page) => page.items) ?? [],
    more: () => {
      if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
    },
  };
}

/** How many rows a list has in all. It is asked apart from them: to count a million takes longer than to find fifty. */
export function useTotal(resource: Resource, query: Query) {
  const { sort: _order, ...filters } = query;
  return useQuery({
    queryKey: [resource.name, "total", filters],
    queryFn: async ({ signal }) =>
      (await call<Page>(resource.list, { query: { ...filters, limit: 1, count: true, fields: "id" }, signal })).total,
    placeholderData: keepPreviousData,
  }).data;
}

/** What leads to a record that another service is just making says so in the state of its address. */
export const ON_ITS_WAY = { onItsWay: true };
const TRIES = 20;
const BETWEEN_MS = 500;

export function useRecord(resource: Resource, id: string | undefined) {
  const onItsWay = useLocation().state?.onItsWay === true;
  return useQuery({
    queryKey: [resource.name, "record", id],
    queryFn: ({ signal }) => call(resource.get!, { path: id!, signal }),
    enabled: Boolean(id && resource.get),
    retry: (count, error) => {
      if (onItsWay && error instanceof Problem && error.status === 404) return count < TRIES;
      return count < 2 && mayPass(error);
    },
    retryDelay: BETWEEN_MS,
  });
}

/** What an operation on the record of an id answers, if it is that record. */
export const recordIn = (answer: Row | undefined, id: Call["path"]) =>
  answer && answer.id === id && "version" in answer ? answer : undefined;

/** Returns what a change calls when it is done: everything of the noun, and what else shows it, is read anew. */
export function useRefresh() {
  const queries = useQueryClient();
  return (resource?: Resource, saved?: Row) => refresh(queries, resource, saved);
}

/** One deed may change records of other nouns too, in services that hear of it a moment later. */
const HEARD_MS = 2_000;

const isRecords = (key: readonly unknown[]) => key[0] !== "me" && key[1] !== "name";

function refresh(queries: QueryClient, resource?: Resource, saved?: Row) {
  if (resource && saved?.id) queries.setQueryData([resource.name, "record", saved.id], saved);
  const everything = { predicate: ({ queryKey }: { queryKey: readonly unknown[] }) => isRecords(queryKey) };
  const again = (options?: InvalidateOptions) => queries.invalidateQueries(everything, options);
  // What somebody has asked for meanwhile, such as the next page, is not to be given up for it.
  setTimeout(() => again({ cancelRefetch: false }), HEARD_MS);
  return again();
}
