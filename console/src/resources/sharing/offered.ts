import { type OperationName, operations } from "../../api/meta";
import type { Resource } from "../registry";

/** What a record keeps of others who may see it: read, added to, and taken from. */
export type Kept = { list: OperationName; add: OperationName; remove: OperationName };
export type Offered = { shares?: Kept; team?: Kept; access?: OperationName };

const known = new Map<string, Offered>();

/** What the contract offers below the address of a noun's record to give it to others, and to say who sees it. */
export function offeredOf(resource: Resource): Offered {
  if (!resource.get) return {};
  const offered = known.get(resource.get) ?? look(operations[resource.get].path);
  known.set(resource.get, offered);
  return offered;
}

function look(record: string): Offered {
  const find = (method: string, isMeant: (path: string) => boolean) =>
    (Object.keys(operations) as OperationName[]).find(
      (name) => operations[name].method === method && isMeant(operations[name].path),
    );
  const kept = (part: string): Kept | undefined => {
    const at = `${record}/${part}`;
    const list = find("get", (path) => path === at);
    const add = find("post", (path) => path === at);
    const remove = find("delete", (path) => path.startsWith(`${at}/{`));
    return list && add && remove && { list, add, remove };
  };
  return { shares: kept("shares"), team: kept("team"), access: find("get", (path) => path === `${record}/access`) };
}
