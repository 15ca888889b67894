import { useState } from "react";
import type { Row } from "../api/call";
import { useAllowed } from "../api/permissions";
import { scopeIn, useAddress } from "./address";
import type { Resource } from "./registry";

/** Which rows of a list are chosen to be dealt with together. */
export type Choosing = {
  rows: Row[];
  has: (row: Row) => boolean;
  toggle: (row: Row) => void;
  /** Chooses all rows that are there, or none where all of them are. */
  toggleAll: () => void;
  clear: () => void;
  /** Whether all rows that are there are chosen. */
  all: boolean;
};

/** Lets one choose rows, where something can be done with several of them at once; what has left the list is not chosen. */
export function useChosen(resource: Resource, listed: Row[]): Choosing | undefined {
  const { values } = useAddress();
  const scope = scopeIn(resource, values);
  const allowed = useAllowed()(resource.together?.needs);
  const [chosen, setChosen] = useState<{ scope: string; ids: string[] }>({ scope, ids: [] });
  if (!allowed || !resource.together?.scopes.includes(scope)) return undefined;
  const ids = chosen.scope === scope ? chosen.ids : [];
  const choose = (next: string[]) => setChosen({ scope, ids: next });
  const rows = listed.filter(({ id }) => ids.includes(id));
  const all = listed.length > 0 && rows.length === listed.length;
  return {
    rows,
    all,
    has: ({ id }) => ids.includes(id),
    toggle: ({ id }) => choose(ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id]),
    toggleAll: () => choose(all ? [] : listed.map(({ id }) => id)),
    clear: () => choose([]),
  };
}
