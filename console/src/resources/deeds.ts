import type { Call } from "../api/call";
import { type OperationName, operations } from "../api/meta";

type Asked = Pick<Call, "path" | "body">;

/** The keys of what was asked for and not answered yet: who presses once more means the same deed. */
const unanswered = new Map<string, string>();
const at = (operation: OperationName, { path, body }: Asked) => JSON.stringify([operation, path, body]);

/** Returns what does a deed once at a time: who presses again before it is answered gets the answer of the first press. */
export function onceAtATime<Deed extends Asked & { operation: OperationName }, Answer>(
  ask: (deed: Deed) => Promise<Answer>,
) {
  const underWay = new Map<string, Promise<Answer>>();
  return (deed: Deed) => {
    const name = at(deed.operation, deed);
    const answer = underWay.get(name) ?? ask(deed).finally(() => underWay.delete(name));
    underWay.set(name, answer);
    return answer;
  };
}

/** The Idempotency-Key of a deed without a form; only a POST has one. */
export function keyOf(operation: OperationName, asked: Asked) {
  if (operations[operation].method !== "post") return undefined;
  const name = at(operation, asked);
  const key = unanswered.get(name) ?? crypto.randomUUID();
  unanswered.set(name, key);
  return key;
}

/** It was done, or refused: the next time is another deed. */
export const forgetKey = (operation: OperationName, asked: Asked) => unanswered.delete(at(operation, asked));
