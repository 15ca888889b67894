/** What of a record one must have seen before one approves it, by its noun; all of it is on its page. */
export const SUBJECT_FACTS: Record<string, string[]> = {
  contract: ["number", "status", "customer_id", "nature", "amount", "payment_mode", "payment_terms", "remark"],
  customer: ["number", "status", "kind", "owner_id"],
};
