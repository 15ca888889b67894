import type { Resource } from "../resources/registry";

export const cases: Resource = {
  name: "cases",
  noun: "case",
  schema: "Case",
  list: "list_cases",
  get: "get_case",
  create: "create_case",
  update: "update_case",
  title: ["subject"],
  status: "status",
  owner: "handler_id",
  scopes: { mine: { "filter[handler_id]": "me" }, team: { "filter[handler_id][in]": "team" } },
  search: "filter[search][contains]",
  columns: ["subject", "number", "customer_id", "status", "priority", "kind", "handler_id", "created_at"],
  filters: { customer_owner_id: { reference: "account", label: { zh: "客户的负责人", en: "Customer's owner" } } },
  hidden: ["channel", "source", "phone", "serial_number", "rating", "resolved_at", "closed_at", "updated_at"],
  form: ["subject", "customer_id", "description", "priority", "kind", "channel", "handler_id"],
  groups: {
    basic: ["subject", "number", "customer_id", "contact_id", "phone", "status", "priority", "kind", "description"],
    handling: ["handler_id", "opened_by", "started_at", "resolved_at", "closed_at", "solution"],
    rating: ["rating", "rating_comment"],
  },
  tones: { open: "warning", in_progress: "processing", resolved: "success", high: "warning", urgent: "error" },
  actions: [
    { operation: "start_case", primary: true },
    { operation: "resolve_case", primary: true },
    { operation: "close_case", primary: true },
    { operation: "assign_case" },
    { operation: "pause_case" },
    { operation: "reopen_case" },
    { operation: "rate_case" },
  ],
  timeline: [
    { resource: "case-notes", by: "case_id" },
    { resource: "case-history", by: "case_id" },
  ],
};

export const caseNotes: Resource = {
  name: "case-notes",
  noun: "case_note",
  schema: "CaseNote",
  list: "list_case_notes",
  create: "create_case_note",
  title: ["text"],
  columns: ["created_at", "text", "author_id"],
  form: ["text"],
  entry: { at: "created_at", by: "author_id", says: ["text"] },
};

export const caseHistory: Resource = {
  name: "case-history",
  noun: "case_change",
  schema: "CaseChange",
  list: "list_case_history",
  title: ["action"],
  columns: ["created_at", "action", "from_status", "to_status", "handler_id", "actor_id", "remark"],
  entry: { at: "created_at", by: "actor_id", kind: "action", facts: ["to_status", "handler_id"], says: ["remark"] },
};
