import {
  type Query as Asked,
  type InfiniteData,
  infiniteQueryOptions,
  keepPreviousData,
  noop,
  type QueryClient,
  type QueryKey,
  queryOptions,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect } from "react";
import { useLocation } from "react-router";
import { type Call, call, type Page, pathNames, type Row } from "../api/call";
import { loaded } from "../api/loading";
import type { OperationName } from "../api/meta";
import { ME } from "../api/permissions";
import { Problem, triedAgain } from "../api/problem";
import type { Owner, Resource } from "./registry";

/** How many rows one request brings. */
const PAGE = 50;

/** Of a list that somebody has scrolled through, so many pages at most are fetched anew by themselves. */
const MOST_PAGES = 3;
type Pages = InfiniteData<Page, string | undefined>;
const pagesOf = (data: unknown) => (data as Pages | undefined)?.pages;

/** Whether something is fetched anew by itself; a long list is not, page by page from its beginning. */
export const isShort = ({ state }: Pick<Asked, "state">) => (pagesOf(state.data)?.length ?? 0) <= MOST_PAGES;

/** Whether a list is fetching its next page: somebody has asked for that. */
const isGrowing = ({ state }: Pick<Asked, "state">) =>
  state.fetchStatus === "fetching" && state.fetchMeta?.fetchMore !== undefined;

/** Waits until what is being fetched is there, or failed. */
const settled = (query: Asked) => query.promise?.then(noop, noop);

/** Fetches anew what is meant, as far as somebody looks at it; a list that is growing does it when it has grown. */
export function readAnew(queries: QueryClient, isMeant: (query: Asked) => boolean): Promise<void> {
  const growing = queries.getQueryCache().findAll({ predicate: (query) => isMeant(query) && isGrowing(query) });
  for (const query of growing)
    void settled(query)?.then(() => readAnew(queries, (each) => each === query && isMeant(each)));
  return queries.invalidateQueries({ predicate: (query) => isMeant(query) && !growing.includes(query) });
}

/** What is kept of a list that nobody looks at any more: whoever comes back to it begins at its top. */
export const shortened = (list: Pages | undefined): Pages | undefined =>
  list && list.pages.length > MOST_PAGES
    ? { pages: list.pages.slice(0, MOST_PAGES), pageParams: list.pageParams.slice(0, MOST_PAGES) }
    : undefined;

export type Query = Record<string, string>;

export function asked(list: OperationName, query: Query, owner?: Owner): Call {
  if (!owner) return { query };
  return pathNames(list).includes(owner.by)
    ? { query, path: { [owner.by]: owner.id } }
    : { query: { ...query, [`filter[${owner.by}]`]: owner.id } };
}

/** Asks a list; by a tree of conditions where there is one. */
async function pageOf(list: OperationName, { query, ...asked }: Call) {
  if (!query?.where) return call<Page>(list, { query, ...asked });
  const { search } = await loaded(() => import("./conditions/search"));
  return search(list, query, asked.signal);
}

const MOST_A_REQUEST = 200;
type Every = { rows: Row[]; isCapped: boolean };

/** Every row of a list by name, so many at most: for what is drawn as one, such as a tree. */
export async function everyRow(list: OperationName, most: number, signal?: AbortSignal): Promise<Every> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  for (let limit = most; limit > 0; limit = most - rows.length) {
    const query = { limit: Math.min(limit, MOST_A_REQUEST), sort: "name", cursor };
    const { items, next } = await call<Page>(list, { query, signal });
    rows.push(...items);
    if (!next) return { rows, isCapped: false };
    cursor = next;
  }
  return { rows, isCapped: true };
}

/** What a list asks for, a page at a time. */
export const listOf = (resource: Resource, query: Query | undefined, owner?: Owner) =>
  infiniteQueryOptions({
    queryKey: [resource.name, "list", query, owner],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const { path, query: own } = asked(resource.list, query!, owner);
      return pageOf(resource.list, { path, query: { ...own, limit: PAGE, cursor: pageParam }, signal });
    },
    getNextPageParam: (page: Page) => page.next ?? undefined,
  });

/** The rows of a list. */
export function useList(resource: Resource, query: Query | undefined, owner?: Owner) {
  const options = listOf(resource, query, owner);
  const { queryKey } = options;
  const queries = useQueryClient();
  useShortened(queries, queryKey);
  const list = useInfiniteQuery({
    ...options,
    placeholderData: keepPreviousData,
    // Whom a scope means may not be known yet.
    enabled: query !== undefined,
  });
  return {
    ...list,
    rows: list.data?.pages.flatMap((page) => page.items) ?? [],
    more: async () => {
      const query = queries.getQueryCache().find({ queryKey })!;
      // To fetch what stands there anew and to fetch more of it are not to be given up for each other.
      if (!isGrowing(query)) await settled(query);
      // However often one presses, or comes near the end, the page that is on its way is the one.
      if (list.hasNextPage && !isGrowing(query)) void list.fetchNextPage();
    },
  };
}

/** How many rows a list has in all. It is asked apart from them: to count a million takes longer than to find fifty. */
export function useCount(resource: Resource, query: Query | undefined) {
  const { sort: _order, ...filters } = query ?? {};
  return useQuery({
    queryKey: [resource.name, "total", filters],
    queryFn: async ({ signal }) =>
      (await pageOf(resource.list, { query: { ...filters, limit: 1, count: true, fields: "id" }, signal })).total,
    placeholderData: keepPreviousData,
    enabled: query !== undefined,
  }).data;
}

/** Forgets the further pages of a list when it is left, so that it is not fetched page by page when one comes back. */
function useShortened(queries: QueryClient, queryKey: QueryKey) {
  const hash = JSON.stringify(queryKey);
  useEffect(() => {
    const key = JSON.parse(hash);
    return () => {
      const updatedAt = queries.getQueryState(key)?.dataUpdatedAt;
      queries.setQueryData<Pages>(key, shortened, { updatedAt });
    };
  }, [queries, hash]);
}

/** What leads to a record that another service is just making says so in the state of its address. */
export const ON_ITS_WAY = { onItsWay: true };
const TRIES = 20;
const BETWEEN_MS = 500;

/** What the single look at a record says. */
export const recordOf = (resource: Resource, id: string | undefined) =>
  queryOptions({
    queryKey: [resource.name, "record", id],
    queryFn: ({ signal }) => call(resource.get!, { path: id!, signal }),
  });

export function useRecord(resource: Resource, id: string | undefined) {
  const onItsWay = useLocation().state?.onItsWay === true;
  return useQuery({
    ...recordOf(resource, id),
    enabled: Boolean(id && resource.get),
    retry: (count, error) => {
      if (onItsWay && error instanceof Problem && error.status === 404) return count < TRIES;
      return triedAgain(count, error);
    },
    retryDelay: BETWEEN_MS,
  });
}

/** What an operation on the record of an id answers, if it is that record. */
export const recordIn = (answer: Row | undefined, id: Call["path"]) =>
  answer && answer.id === id && "version" in answer ? answer : undefined;

/** Returns what a change calls when it is done: every record that is shown is read anew, of whatever noun. */
export function useRefresh() {
  const queries = useQueryClient();
  return (resource?: Resource, saved?: Row) => refresh(queries, resource, saved);
}

/** One deed may change records of other nouns too, in services that hear of it a moment later. */
const HEARD_MS = 2_000;

const isRecords = (key: readonly unknown[]) => key[0] !== ME.queryKey[0] && key[1] !== "name";

/** A list with a record as it is now. A list may say more of it than its page does. */
export const withSaved = (list: Pages | undefined, saved: Row): Pages | undefined =>
  list && {
    ...list,
    pages: list.pages.map((page) => ({
      ...page,
      items: page.items.map((row) => (row.id === saved.id ? { ...row, ...saved } : row)),
    })),
  };

function refresh(queries: QueryClient, resource?: Resource, saved?: Row) {
  if (resource && saved?.id) {
    queries.setQueryData(recordOf(resource, saved.id).queryKey, saved);
    // A long list is not fetched anew, and shows what was done all the same.
    queries.setQueriesData<Pages>({ queryKey: [resource.name, "list"] }, (list) => withSaved(list, saved));
  }
  const again = () => readAnew(queries, (query) => isRecords(query.queryKey) && isShort(query));
  setTimeout(() => void again(), HEARD_MS);
  return again();
}
