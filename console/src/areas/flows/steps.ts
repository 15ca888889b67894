/** What a step of a flow is asked, by its kind: whom it is for, and how. */
const WHOM: Record<string, string[]> = {
  person: ["account_ids", "agree"],
  role: ["role", "agree"],
  group: ["group_id", "agree"],
  superior: ["height"],
  department_head: ["agree"],
};
type Asked = Record<string, unknown>;

/** Flows of an earlier release name one person by itself; nothing runs beside a step before the first one. */
export function asksOfStep(step: Asked, place: number) {
  const one = step.kind === "person" && step.account_id ? ["account_id"] : [];
  return ["kind", ...one, ...(WHOM[String(step.kind)] ?? []), ...(place > 0 ? ["beside"] : []), "escalate_after"];
}

/** A step has to say whom it is for, where the request does not. */
export function needsOfStep({ kind, account_id }: Asked) {
  const named = { person: account_id ? [] : ["account_ids"], role: ["role"], group: ["group_id"] };
  return named[String(kind) as keyof typeof named] ?? [];
}
