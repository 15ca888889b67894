/** The states of a receivable or a payable of which something is still open, as its list is narrowed by. */
export const UNPAID = "unsettled,partial";
