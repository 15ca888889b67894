import { mine, type Resource } from "../resources/registry";

export const customers: Resource = {
  name: "customers",
  noun: "customer",
  schema: "Customer",
  list: "list_customers",
  get: "get_customer",
  create: "create_customer",
  update: "update_customer",
  lookup: "look_up_customers",
  title: ["name"],
  status: "status",
  owner: "owner_id",
  scopes: mine,
  search: "filter[search][contains]",
  columns: ["name", "number", "status", "kind", "industry", "region", "owner_id", "last_activity_at"],
  hidden: ["phone", "grade", "source", "website", "email", "created_at", "updated_at"],
  form: ["name", "kind", "phone", "industry", "region", "source"],
  groups: {
    basic: ["name", "number", "kind", "industry", "region", "grade", "source"],
    contact: ["phone", "email", "website"],
  },
  tones: { success: "success", potential: "processing", frozen: "warning", invalid: "error" },
  actions: [{ operation: "invalidate_customer", danger: true, when: (row) => row.status !== "invalid" }],
  timeline: [{ resource: "activities", by: "customer_id" }],
  tabs: [
    { resource: "contacts", by: "customer_id" },
    { resource: "opportunities", by: "customer_id" },
    { resource: "contracts", by: "customer_id" },
    { resource: "receivables", by: "customer_id" },
    { resource: "cases", by: "customer_id" },
    { resource: "addresses", by: "customer_id" },
  ],
};

export const contacts: Resource = {
  name: "contacts",
  noun: "contact",
  schema: "Contact",
  list: "list_all_contacts",
  get: "get_contact",
  create: "create_contact",
  update: "update_contact",
  remove: "delete_contact",
  title: ["name"],
  owner: "owner_id",
  scopes: mine,
  search: "filter[search][contains]",
  columns: ["name", "customer_id", "title", "mobile", "office_phone", "email", "intention"],
  hidden: ["is_primary", "birthday", "owner_id", "created_at", "updated_at"],
  form: ["name", "title", "mobile", "email", "intention", "is_primary"],
  groups: {
    basic: ["name", "salutation", "title", "customer_id", "is_primary", "intention", "birthday"],
    contact: ["mobile", "office_phone", "home_phone", "email"],
  },
  tones: { supports: "success", opposes: "error" },
};

export const addresses: Resource = {
  name: "addresses",
  noun: "address",
  schema: "Address",
  list: "list_addresses",
  get: "get_address",
  create: "create_address",
  update: "update_address",
  remove: "delete_address",
  title: ["street", "city"],
  columns: ["street", "district", "city", "province", "postal_code", "kind"],
};

export const activities: Resource = {
  name: "activities",
  noun: "customer_activity",
  schema: "Activity",
  list: "list_activities",
  create: "create_activity",
  title: ["subject", "content"],
  sort: "-occurred_at",
  columns: ["occurred_at", "kind", "content", "author_id", "next_contact_at"],
  form: ["kind", "content", "next_contact_at"],
  entry: { at: "occurred_at", by: "author_id", kind: "kind", says: ["subject", "content"], next: "next_contact_at" },
};
