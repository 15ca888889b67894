import { queryOptions, useQuery } from "@tanstack/react-query";
import { call, pathNames, type Row } from "./call";
import { askedEarly } from "./early";
import { type OperationName, operations } from "./meta";

/** How somebody likes the console, wherever they sign in. */
export type Preferences = { language: string | null; checklist_dismissed: boolean; single_keys: boolean };
export type Me = {
  id: string;
  username: string;
  display_name: string;
  time_zone: string;
  permissions: Record<string, string>;
  preferences: Preferences;
};

/** Everything that is shown waits for it. */
export const ME = queryOptions({
  queryKey: ["me"],
  queryFn: async () => (await askedEarly<Me>()) ?? call<Me>("get_me"),
  staleTime: 60_000,
});

export const useMe = () => useQuery(ME);

/** Whether these permissions allow an operation at all; which records it may touch, the server says. */
export function allows(permissions: Record<string, string>, name?: OperationName) {
  if (!name) return false;
  const needed = operations[name].permission;
  return !needed || "*" in permissions || needed in permissions;
}

/** Returns a function that says whether who is signed in may ask an operation. */
export function useAllowed() {
  const { data } = useMe();
  return (name?: OperationName) => data !== undefined && allows(data.permissions, name);
}

/** Whether a permission reaches a record, as far as can be known here: one that is for one's own, no colleague's. */
export function reaches({ id, permissions }: Pick<Me, "id" | "permissions">, row: Row, name: OperationName) {
  const scope = permissions["*"] ?? permissions[operations[name].permission ?? ""];
  return scope !== "own" || !row.owner_id || row.owner_id === id;
}

/**
 * Returns a function that says whether who is signed in may do something with a record now. The record itself says it
 * of everything below its address; of the rest, and where a list shows the record, the permission decides.
 */
export function useMay() {
  const allowed = useAllowed();
  const { data: me } = useMe();
  return (row: Row, name?: OperationName) => {
    if (!name || !me || pathNames(name).length === 0) return allowed(name);
    return Array.isArray(row.can) ? row.can.includes(name) : allowed(name) && reaches(me, row, name);
  };
}
