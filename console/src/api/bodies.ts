import { asSet } from "./fields";
import told from "./generated/bodies.json";
import { type Fields, type OperationName, operations, schemas } from "./meta";

/** Everything that the contract has fields of. Only what shows a form imports it: no list waits for it. */
export const allSchemas: Record<string, Fields> = { ...schemas, ...(told as unknown as Record<string, Fields>) };

/** The fields that an operation is sent. */
export const bodyOf = (name: OperationName): Fields =>
  asSet(name.replace(/^(create|update)_/, ""), allSchemas[operations[name].body ?? ""] ?? {});
