import { useInfiniteQuery } from "@tanstack/react-query";
import { pathNames } from "../../api/call";
import { api } from "../../api/client";
import { operations } from "../../api/meta";
import type { Resource } from "../registry";

export type Change = {
  id: string;
  at: string;
  kind: "created" | "changed" | "deleted" | "acted" | "viewed";
  operation: string;
  actor_id: string | null;
  address: string | null;
  /** Old and new by field. */
  changes: Record<string, [unknown, unknown]>;
};
type Page = { items: Change[]; next: string | null };

const PAGE = 50;

/** What happened to a record, the newest first; of one field, if it is named. */
export function useHistory(resource: Resource, id: string, field?: string) {
  const { path } = operations[resource.get!];
  const list = useInfiniteQuery({
    queryKey: [resource.name, "history", id, field],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: PAGE, cursor: pageParam, ...(field && { "filter[field]": field }) };
      const asked = { params: { path: { [pathNames(resource.get!).at(-1)!]: id }, query }, signal };
      const { data } = await api.request("get", `${path}/history` as "/v1/leads", asked as never);
      return data as unknown as Page;
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
  return { ...list, changes: list.data?.pages.flatMap((page) => page.items) ?? [] };
}
