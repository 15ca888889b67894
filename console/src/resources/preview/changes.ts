import type { OperationName } from "../../api/meta";
import type { Resource } from "../registry";

export type Change = { kind: string } & Record<string, unknown>;

/** The fields that decide who reaches what, by the noun whose they are: a change of them can be looked at before it is saved. */
const DECIDING: Record<string, string[]> = {
  account: ["department_id", "manager_id", "roles", "appointments", "security_level", "status", "locked"],
  position: ["superior_id", "management", "department_id"],
  role: ["permissions", "departments", "institution_id"],
};

/** What a change of one field of a record is asked about as, or nothing where it decides nothing. */
export function changeOf(
  { noun }: Pick<Resource, "noun">,
  id: string,
  body: Record<string, unknown>,
): Change | undefined {
  const decides = Object.keys(body).every((name) => DECIDING[noun]?.includes(name));
  return decides ? { kind: noun, [`${noun}_id`]: id, ...body } : undefined;
}

/** Whether a field of a noun decides who reaches what. */
export const isDeciding = ({ noun }: Pick<Resource, "noun">, field: string) => DECIDING[noun]?.includes(field) ?? false;

/** What a share is asked about as, before it is given. */
export const shareOf = (operation: OperationName, id: string, body: object): Change => ({
  kind: "share",
  noun: operation.replace(/^share_/, ""),
  id,
  ...body,
});
