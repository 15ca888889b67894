import type { Row } from "../../api/call";
import type { OperationName } from "../../api/meta";
import { type Day, dayOf, daysAfter, daysBetween, endOf } from "../../resources/days";
import type { Query } from "../../resources/queries";
import { UNPAID } from "../finance/unpaid";

/** One short list of what waits for somebody. */
export type Block = {
  /** The key of its texts. */
  name: string;
  resource: string;
  /** What it narrows the list of the resource by, as it stands in the address of that list. */
  address: (day: Day) => Query;
  /** What a row says beside its name. */
  facts: string[];
  /** How long a row still has, or has been waiting. */
  clock?: { counts: "due" | "since"; of: (row: Row) => unknown };
  /** Where a row leads, if not to its own page. */
  leads?: (row: Row) => string;
  /** What one may do where nothing waits, and what one must be allowed for it. */
  next: { to: string; needs: OperationName };
};

/** An open opportunity is stalled when nothing was done for so many days. */
export const QUIET_DAYS = 14;
/** Since when nothing was done about one: where nothing was yet, since it was noted (as the server counts). */
const quietSince = (row: Row) => row.last_activity_at ?? row.created_at;
/** How many days of the house it has been quiet about an open opportunity, if it is stalled. */
export function quietFor(row: Row, { today, zone }: Day) {
  const days = daysBetween(dayOf(String(quietSince(row)), zone), today);
  return days >= QUIET_DAYS ? days : undefined;
}
/** Receivables are shown so many days before they are due. */
const AHEAD_DAYS = 7;

export const followUps: Block = {
  name: "followUps",
  resource: "activities",
  address: ({ today, zone }) => ({
    scope: "mine",
    "filter[followed_up]": "false",
    "filter[next_contact_at][lte]": endOf(today, zone),
    sort: "next_contact_at",
  }),
  facts: ["customer_id", "kind"],
  clock: { counts: "due", of: (row) => row.next_contact_at },
  leads: (row) => `/customers/${row.customer_id}`,
  next: { to: "/customers", needs: "list_customers" },
};

export const approvals: Block = {
  name: "approvals",
  resource: "approvals",
  address: () => ({ scope: "waiting", sort: "created_at" }),
  facts: ["amount", "requester_id"],
  clock: { counts: "since", of: (row) => row.created_at },
  next: { to: "/approvals?scope=requested", needs: "list_approvals" },
};

/** The order is the one in which a day begins: what is late first. */
export const blocks: Block[] = [
  followUps,
  approvals,
  {
    name: "leads",
    resource: "leads",
    address: () => ({ scope: "mine", "filter[status][in]": "untouched", sort: "created_at" }),
    facts: ["contact_name", "mobile", "priority"],
    clock: { counts: "since", of: (row) => row.created_at },
    next: { to: "/leads?new=1", needs: "create_lead" },
  },
  {
    name: "stalled",
    resource: "opportunities",
    address: ({ today, zone }) => ({
      scope: "mine",
      "filter[status][in]": "open",
      "filter[quiet_since][lte]": endOf(daysAfter(today, -QUIET_DAYS), zone),
      sort: "last_activity_at",
    }),
    facts: ["customer_id", "stage", "amount"],
    clock: { counts: "since", of: quietSince },
    next: { to: "/opportunities/board?scope=mine", needs: "list_opportunities" },
  },
  {
    name: "receivables",
    resource: "receivables",
    address: ({ today }) => ({
      "filter[status][in]": UNPAID,
      "filter[due_on][lte]": daysAfter(today, AHEAD_DAYS),
      sort: "due_on",
    }),
    facts: ["customer_id", "outstanding_amount"],
    clock: { counts: "due", of: (row) => row.due_on },
    next: { to: "/receivables", needs: "list_receivables" },
  },
  {
    name: "cases",
    resource: "cases",
    address: () => ({
      scope: "mine",
      "filter[status][in]": "open,in_progress,waiting",
      sort: "-priority",
    }),
    facts: ["customer_id", "status", "priority"],
    clock: { counts: "since", of: (row) => row.created_at },
    next: { to: "/cases", needs: "list_cases" },
  },
];

/** Where all of it is: a link is a view. */
export const allOf = (block: Block, day: Day) => `/${block.resource}?${new URLSearchParams(block.address(day))}`;
