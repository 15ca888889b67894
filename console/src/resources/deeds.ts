import { useQueryClient } from "@tanstack/react-query";
import { type Call, call, type Row } from "../api/call";
import { type OperationName, operations } from "../api/meta";
import { ME } from "../api/permissions";
import { mayPass, Problem } from "../api/problem";

type Asked = Pick<Call, "path" | "body" | "version">;
type Ask = (operation: OperationName, asked: Call) => Promise<Row>;

/** So long whoever presses once more means the same deed, where the record does not say by its version what was seen. */
const SAME_MS = 600_000;
/** What was asked for and not done yet: its key, and whether a try was not answered, so that it may be done by now. */
type Try = { key: string; since: number; unheard: boolean };
const tries = new Map<string, Try>();

/** What is the same deed: a version says what somebody has seen, and means something else by now. */
const nameOf = (operation: OperationName, { path, body, version }: Asked) =>
  JSON.stringify([operation, path, body, version]);

/** Returns what does a deed once at a time: who presses again before it is answered gets the answer of the first press. */
export function onceAtATime<Deed extends Asked & { operation: OperationName }, Answer>(
  ask: (deed: Deed) => Promise<Answer>,
) {
  const underWay = new Map<string, Promise<Answer>>();
  return (deed: Deed) => {
    const name = nameOf(deed.operation, deed);
    const answer = underWay.get(name) ?? ask(deed).finally(() => underWay.delete(name));
    underWay.set(name, answer);
    return answer;
  };
}

/** Whether a POST was done at an earlier try, which nobody was told, and asks for something else by now. */
export const wasDone = (error: unknown) => error instanceof Problem && error.code === "idempotency-key-reused";

/**
 * Does a deed that has no form: once, however often it is asked for. A refusal leaves the key as it is, since nothing was
 * done under it; after silence a POST is answered again, and of what is no POST it is looked whether it was done. `whose` is
 * the account that asks: who signs in next in this tab does deeds of their own.
 */
export async function perform(whose: string, operation: OperationName, asked: Asked, ask: Ask = call): Promise<Row> {
  const name = `${whose} ${nameOf(operation, asked)}`;
  const known = tries.get(name);
  const mine =
    known && Date.now() - known.since < SAME_MS
      ? known
      : { key: crypto.randomUUID(), since: Date.now(), unheard: false };
  tries.set(name, mine);
  const key = operations[operation].method === "post" ? mine.key : undefined;
  try {
    const answer = await ask(operation, { ...asked, key });
    tries.delete(name);
    return answer;
  } catch (error) {
    mine.unheard ||= mayPass(error);
    const made = mine.unheard ? await madeBefore(operation, asked, error, ask) : undefined;
    if (!made) throw error;
    tries.delete(name);
    return made;
  }
}

/** Returns what does a deed for whoever is signed in. */
export function usePerform() {
  const queries = useQueryClient();
  return (operation: OperationName, asked: Asked) =>
    perform(String(queries.getQueryData(ME.queryKey)?.id), operation, asked);
}

/** What a try that nobody answered has made already, where that is why this one was refused. */
async function madeBefore(operation: OperationName, { path, body }: Asked, error: unknown, ask: Ask) {
  const { method } = operations[operation];
  const status = error instanceof Problem ? error.status : 0;
  if (method === "delete" && status === 404) return { id: "" };
  const look = status === 412 && method !== "post" ? lookFor(operation) : undefined;
  const row = look && (await ask(look, { path }));
  return row && Object.entries(body ?? {}).every(([member, value]) => isSame(row[member], value)) ? row : undefined;
}

/** What reads the record that an operation changes. */
const lookFor = (operation: OperationName) =>
  (Object.keys(operations) as OperationName[]).find(
    (each) => operations[each].method === "get" && operations[each].path === operations[operation].path,
  );

/** Whether two values of a field say the same, in whatever order their members come. */
export const isSame = (one: unknown, other: unknown) => written(one) === written(other);

const written = (value: unknown) =>
  JSON.stringify(value ?? null, (_name, part) =>
    part && typeof part === "object" && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort()) : part,
  );
