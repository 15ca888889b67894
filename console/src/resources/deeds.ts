import type { Call } from "../api/call";
import { type OperationName, operations } from "../api/meta";

type Asked = Pick<Call, "path" | "body">;

/** The keys of what was asked for and not answered yet: who presses once more means the same deed. */
const unanswered = new Map<string, string>();
const at = (operation: OperationName, { path, body }: Asked) => JSON.stringify([operation, path, body]);

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
