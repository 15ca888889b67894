import type { Row } from "../../api/call";

export type Holds = "now" | "later" | "over";
type Somebody = { id: string; permissions: Record<string, unknown> };

/** Whether somebody decides for another one now, later, or not any more. */
export function holdsOf({ starts_at, ends_at }: Row, now: Date): Holds {
  if (new Date(String(ends_at)) <= now) return "over";
  return new Date(String(starts_at)) <= now ? "now" : "later";
}

/** Whether somebody sees and decides every approval. */
export const administers = (me?: Somebody) =>
  me !== undefined && ("*" in me.permissions || me.permissions["approval.administer"] === "all");

/** Who is away ends it, or an administrator; not who decides for them. */
export const mayEnd = ({ account_id }: Row, me?: Somebody) => me?.id === account_id || administers(me);
