import { api } from "./client";
import { gathered, spread } from "./fields";
import { type OperationName, operations } from "./meta";

export type Row = { id: string; version?: number } & Record<string, unknown>;
export type Page = { items: Row[]; next: string | null; total?: number };
export type Call = {
  /** What stands for the names in the path: `{ customer_id: … }`. A string is for the last of them. */
  path?: Record<string, string> | string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: object;
  /** The version that was shown: the server refuses (412) what was meant for another. */
  version?: number;
  /** One for all tries of one deed: the server does it once. */
  key?: string;
  signal?: AbortSignal;
};

/** The names in an operation's path, in their order. */
export const pathNames = (name: OperationName) => [...operations[name].path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!);

/** Asks an operation by its name in the contract. */
export async function call<Answer = Row>(name: OperationName, { path, query, body, version, key, signal }: Call = {}) {
  const operation = operations[name];
  const given = typeof path === "string" ? { [pathNames(name).at(-1)!]: path } : path;
  const headers = {
    ...(version !== undefined && { "If-Match": `"${version}"` }),
    ...(key && { "Idempotency-Key": key }),
  };
  const asked = { params: { path: given, query }, body: body && gathered(body), headers, signal };
  const { data } = await api.request(operation.method as "post", operation.path as "/v1/leads", asked as never);
  return spread(data as Answer);
}
