import { lazily } from "../resources/lazily";
import { followedUp, type LookUp, mine, quiet, type Resource } from "../resources/registry";
import { poolActions, pooled } from "./pools/pooled";

/** An amount that somebody has noted; nothing was, where it is zero. */
const noted = (amount: unknown) => (Number(amount) > 0 ? amount : undefined);

/** Looks for records of a noun that have what is typed into these fields, each by a filter of their list. */
const like = (resource: string, facts: string[], filters: Record<string, string>): LookUp[] =>
  Object.entries(filters).map(([by, filter]) => ({ resource, by, filter, facts }));

/** What a glimpse of a lead does not show (SA-13). */
const UNSEEN = [
  "title",
  "mobile",
  "phone",
  "email",
  "remark",
  "close_reason",
  "customer_id",
  "contact_id",
  "opportunity_id",
];

export const leads: Resource = {
  name: "leads",
  noun: "lead",
  schema: "Lead",
  list: "list_leads",
  get: "get_lead",
  create: "create_lead",
  update: "update_lead",
  title: ["company_name", "contact_name"],
  status: "status",
  owner: "owner_id",
  ...pooled("lead"),
  search: "filter[search][contains]",
  columns: ["company_name", "contact_name", "status", "priority", "mobile", "source", "owner_id", "created_at"],
  hidden: ["title", "phone", "email", "pool_id", "claim_state", "claimed_at", "last_activity_at", "updated_at"],
  form: ["company_name", "contact_name", "mobile", "title", "source", "priority", "pool_id", "claim_state"],
  alike: [
    { resource: "customers", by: "company_name" },
    ...like("leads", ["contact_name", "owner_id"], {
      company_name: "filter[company_name][contains]",
      mobile: "filter[mobile]",
      phone: "filter[phone]",
      email: "filter[email]",
    }),
    ...like("contacts", ["customer_id"], { mobile: "filter[mobile]", email: "filter[email]" }),
    ...like("customers", ["owner_id"], { phone: "filter[search][contains]", email: "filter[search][contains]" }),
  ],
  groups: {
    basic: ["company_name", "contact_name", "title", "priority", "source"],
    contact: ["mobile", "phone", "email"],
    pool: ["pool_id", "claim_state", "claimed_at"],
    outcome: ["status", "close_reason", "customer_id", "contact_id", "opportunity_id"],
  },
  picture: { of: ["glimpse"], shows: lazily(() => import("./pools/GlimpseNote")) },
  // What is not shown of it is not empty either.
  without: (row) => (row.glimpse ? UNSEEN : []),
  tones: { contacted: "processing", converted: "success" },
  actions: [
    {
      operation: "convert_lead",
      primary: true,
      asks: ["opportunity", "customer_id"],
      focus: ["opportunity", "name"],
      starts: (row) => ({ opportunity: { name: `${row.company_name || row.contact_name}` } }),
      alike: (row) => ({
        resource: "customers",
        by: "name",
        said: String(row.company_name || row.contact_name),
        into: "customer_id",
      }),
      makes: (row) => ({ name: `${row.company_name || row.contact_name}`, person: `${row.contact_name}` }),
      leads: (answer) => `/customers/${answer.customer_id}`,
    },
    { operation: "contact_lead", primary: true },
    { operation: "close_lead", danger: true },
    { operation: "reopen_lead" },
    ...poolActions("lead"),
  ],
  processes: true,
  timeline: [{ resource: "lead-activities", by: "lead_id" }],
};

export const opportunities: Resource = {
  name: "opportunities",
  noun: "opportunity",
  schema: "Opportunity",
  list: "list_opportunities",
  get: "get_opportunity",
  create: "create_opportunity",
  update: "update_opportunity",
  title: ["name"],
  status: "stage",
  figure: "amount",
  owner: "owner_id",
  scopes: mine,
  search: "filter[name][contains]",
  filters: quiet,
  views: ["board"],
  columns: ["name", "customer_id", "stage", "amount", "expected_close_on", "owner_id", "last_activity_at"],
  hidden: ["status", "importance", "probability", "source", "type", "started_on", "created_at", "updated_at"],
  form: ["name", "customer_id", "amount", "expected_close_on"],
  groups: {
    basic: ["name", "customer_id", "stage", "amount", "currency", "probability", "importance"],
    dates: ["started_on", "expected_close_on", "closed_on", "last_activity_at"],
    outcome: ["status", "reason", "close_remark"],
  },
  without: (row) => (row.status === "lost" ? ["probability"] : ["reason"]),
  tones: { won: "success", lost: "error", open: "processing" },
  actions: [
    {
      operation: "win_opportunity",
      primary: true,
      starts: (row, today) => ({ closed_on: today, amount: noted(row.amount) }),
    },
    { operation: "advance_opportunity", primary: true },
    { operation: "lose_opportunity", danger: true, starts: (_row, today) => ({ closed_on: today }) },
    { operation: "reopen_opportunity" },
  ],
  stages: { field: "stage", by: "advance_opportunity", ends: { won: "win_opportunity", lost: "lose_opportunity" } },
  processes: true,
  timeline: [
    { resource: "opportunity-activities", by: "opportunity_id" },
    { resource: "lead-activities", by: "opportunity_id" },
    { resource: "activities", by: "opportunity_id" },
  ],
  tabs: [
    {
      resource: "contracts",
      by: "opportunity_id",
      starts: (row) => ({ customer_id: row.customer_id, amount: noted(row.amount), currency: row.currency }),
    },
    { resource: "opportunity-competitors", by: "opportunity_id", starts: ({ currency }) => ({ currency }) },
    { resource: "opportunity-partners", by: "opportunity_id", starts: ({ currency }) => ({ currency }) },
  ],
};

/** Who else wants to win an opportunity, and who helps to: taken from their libraries, and listed with each. */
export const opportunityCompetitors: Resource = {
  name: "opportunity-competitors",
  noun: "opportunity_competitor",
  schema: "OpportunityCompetitor",
  list: "list_all_opportunity_competitors",
  get: "get_opportunity_competitor",
  create: "create_opportunity_competitor",
  update: "update_opportunity_competitor",
  remove: "delete_opportunity_competitor",
  title: ["competitor_name"],
  status: "outcome",
  figure: "price",
  columns: ["competitor_id", "opportunity_id", "opportunity_status", "outcome", "threat", "price"],
  hidden: ["products", "strengths", "weaknesses", "strategy", "remark", "created_at", "updated_at"],
  form: ["competitor_id", "threat", "price", "currency", "strategy"],
  groups: {
    basic: ["competitor_id", "opportunity_id", "threat", "price", "currency", "products"],
    told: ["strengths", "weaknesses", "strategy", "remark"],
    outcome: ["opportunity_status", "outcome"],
  },
  apart: ["competitor_name", "opportunity_name"],
  tones: { won: "error", lost: "success", competing: "processing", high: "error", medium: "warning" },
};

export const opportunityPartners: Resource = {
  name: "opportunity-partners",
  noun: "opportunity_partner",
  schema: "OpportunityPartner",
  list: "list_all_opportunity_partners",
  get: "get_opportunity_partner",
  create: "create_opportunity_partner",
  update: "update_opportunity_partner",
  remove: "delete_opportunity_partner",
  title: ["partner_name"],
  status: "role",
  figure: "commission",
  columns: ["partner_id", "opportunity_id", "role", "share", "commission", "contact_name"],
  hidden: ["contact_phone", "remark", "created_at", "updated_at"],
  form: ["partner_id", "role", "share", "commission", "currency", "contact_name"],
  groups: {
    basic: ["partner_id", "opportunity_id", "role", "share", "commission", "currency", "remark"],
    contact: ["contact_name", "contact_phone"],
  },
  apart: ["partner_name", "opportunity_name"],
};

const records = {
  noun: "activity",
  schema: "SalesActivity",
  title: ["subject", "content"],
  sort: "-occurred_at",
  scopes: { mine: { "filter[author_id]": "me" } },
  form: ["kind", "content", "next_contact_at"],
};
const entry = {
  at: "occurred_at",
  by: "author_id",
  kind: "kind",
  says: ["subject", "content"],
  next: "next_contact_at",
};
const filters = {
  ...followedUp,
  customer_id: { format: "uuid", reference: "customer", label: { zh: "客户", en: "Customer" } },
};
const columnsOf = (about: string) => ["content", about, "kind", "occurred_at", "author_id", "next_contact_at"];

export const leadActivities: Resource = {
  ...records,
  name: "lead-activities",
  list: "list_all_lead_activities",
  create: "create_lead_activity",
  columns: columnsOf("lead_id"),
  filters,
  entry: { ...entry, facts: ["lead_id"] },
};

export const opportunityActivities: Resource = {
  ...records,
  name: "opportunity-activities",
  list: "list_all_opportunity_activities",
  create: "create_opportunity_activity",
  columns: columnsOf("opportunity_id"),
  filters,
  entry: { ...entry, facts: ["opportunity_id"] },
};
