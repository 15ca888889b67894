import type { Row } from "../../api/call";

/** What the server says of one of several approvals that were decided together. */
export type Result = { id: string; done: boolean; state: string | null; code: string | null };
export type Outcome = "approved" | "rejected";

/** The refusals that have a sentence of their own. */
const KNOWN = ["approval-already-decided", "own-request", "not-an-approver", "approval-not-found"];

/** The sentence that says what became of one of them: an agreement may leave it to others. */
export function toldOf({ done, state, code }: Result, outcome: Outcome) {
  if (!done) return `together.${KNOWN.includes(String(code)) ? code : "refused"}`;
  if (outcome === "rejected") return "together.rejected";
  return state === "approved" ? "together.approved" : "together.goesOn";
}

/** The results with the names of what they are about, those that need somebody's attention first. */
export const withNames = (results: Result[], rows: Row[]) =>
  results
    .map((result) => ({ ...result, title: String(rows.find(({ id }) => id === result.id)?.title ?? "—") }))
    .sort((one, other) => Number(one.done) - Number(other.done));
