/** The states of a receivable or a payable of which something is still open. */
export const UNPAID = ["unsettled", "partial"];
