/** What of a record one must have seen before one approves it, by its noun; all of it is on its page. */
export const SUBJECT_FACTS: Record<string, string[]> = {
  contract: ["number", "status", "customer_id", "nature", "amount", "payment_mode", "payment_terms", "remark"],
  customer: ["number", "status", "kind", "owner_id"],
};

/** What a step is asked with, by the noun: each as the field of the record says it that would become so. */
export const ASKED_WITH: Record<string, Record<string, string>> = { customer: { to: "status" } };
