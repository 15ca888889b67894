import type { Row } from "../../api/call";
import type { OperationName } from "../../api/meta";
import { beginningOf, type Day, dayOf, daysAfter, daysBetween, endOf } from "../../resources/days";
import type { Query } from "../../resources/queries";
import { UNPAID } from "../finance/unpaid";

/** A list that a block shows the beginning of. */
export type Source = {
  resource: string;
  /** What it narrows the list of the resource by, as it stands in the address of that list. */
  address: (day: Day) => Query;
  /** What a row says beside its name. */
  facts: string[];
  /** Where a row leads, if not to its own page. */
  leads?: (row: Row) => string;
  /** The key of what it is called beside the other lists of its block. */
  called?: string;
};

/** One short list of what waits for somebody: of one list, or woven of several in the order of their clock. */
export type Block = {
  /** The key of its texts. */
  name: string;
  sources: Source[];
  /** How long a row still has, or has been waiting. */
  clock: { counts: "due" | "since"; of: (row: Row) => unknown };
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

/** What was agreed with customers, leads or opportunities and is due, each on the page of what it is about. */
const dueAmong = (resource: string, about: string, page: string): Source => ({
  resource,
  address: ({ today, zone }) => ({
    scope: "mine",
    "filter[followed_up]": "false",
    "filter[next_contact_at][lte]": endOf(today, zone),
    sort: "next_contact_at",
  }),
  facts: [about, "kind"],
  called: `nav.${resource}`,
  leads: (row) => `/${page}/${row[about]}`,
});

export const followUps: Block = {
  name: "followUps",
  sources: [
    dueAmong("activities", "customer_id", "customers"),
    dueAmong("lead-activities", "lead_id", "leads"),
    dueAmong("opportunity-activities", "opportunity_id", "opportunities"),
  ],
  clock: { counts: "due", of: (row) => row.next_contact_at },
  next: { to: "/customers", needs: "list_customers" },
};

export const approvals: Block = {
  name: "approvals",
  sources: [
    {
      resource: "approvals",
      address: () => ({ scope: "waiting", sort: "created_at" }),
      facts: ["subject_step", "amount", "requester_id"],
    },
  ],
  clock: { counts: "since", of: (row) => row.created_at },
  next: { to: "/approvals?scope=requested", needs: "list_approvals" },
};

/** So many days what was decided of one's own requests stays among them. */
const DECIDED_DAYS = 7;

/** What one has asked for: as long as it is open, and how it ended. */
export const requests: Block = {
  name: "requests",
  sources: [
    {
      resource: "approvals",
      address: () => ({ scope: "requested", "filter[state][in]": "pending", sort: "created_at" }),
      facts: ["subject_step", "state", "amount"],
      called: "workbench.pending",
    },
    {
      resource: "approvals",
      address: ({ today, zone }) => ({
        scope: "requested",
        "filter[state][in]": "approved,rejected",
        "filter[updated_at][gte]": beginningOf(daysAfter(today, -DECIDED_DAYS), zone),
        sort: "-created_at",
      }),
      facts: ["subject_step", "state", "amount"],
      called: "workbench.decided",
    },
  ],
  clock: { counts: "since", of: (row) => (row.state === "pending" ? row.created_at : undefined) },
  next: { to: "/contracts?scope=mine", needs: "submit_contract" },
};

/** The order is the one in which a day begins: what is late first. */
export const blocks: Block[] = [
  followUps,
  approvals,
  requests,
  {
    name: "leads",
    sources: [
      {
        resource: "leads",
        address: () => ({ scope: "mine", "filter[status][in]": "untouched", sort: "created_at" }),
        facts: ["contact_name", "mobile", "priority"],
      },
    ],
    clock: { counts: "since", of: (row) => row.created_at },
    next: { to: "/leads?new=1", needs: "create_lead" },
  },
  {
    name: "stalled",
    sources: [
      {
        resource: "opportunities",
        address: ({ today, zone }) => ({
          scope: "mine",
          "filter[status][in]": "open",
          "filter[quiet_since][lte]": endOf(daysAfter(today, -QUIET_DAYS), zone),
          sort: "last_activity_at",
        }),
        facts: ["customer_id", "stage", "amount"],
      },
    ],
    clock: { counts: "since", of: quietSince },
    next: { to: "/opportunities/board?scope=mine", needs: "list_opportunities" },
  },
  {
    name: "receivables",
    sources: [
      {
        resource: "receivables",
        address: ({ today }) => ({
          "filter[status][in]": UNPAID.join(","),
          "filter[due_on][lte]": daysAfter(today, AHEAD_DAYS),
          sort: "due_on",
        }),
        facts: ["customer_id", "outstanding_amount"],
      },
    ],
    clock: { counts: "due", of: (row) => row.due_on },
    next: { to: "/receivables", needs: "list_receivables" },
  },
  {
    name: "cases",
    sources: [
      {
        resource: "cases",
        address: () => ({
          scope: "mine",
          "filter[status][in]": "open,in_progress,waiting",
          sort: "-priority",
        }),
        facts: ["customer_id", "status", "priority"],
      },
    ],
    clock: { counts: "since", of: (row) => row.created_at },
    next: { to: "/cases", needs: "list_cases" },
  },
];

/** Where all of a list is: a link is a view. */
export const allOf = (source: Source, day: Day) => `/${source.resource}?${new URLSearchParams(source.address(day))}`;
