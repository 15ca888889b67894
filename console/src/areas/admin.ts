import type { Resource } from "../resources/registry";

export const departments: Resource = {
  name: "departments",
  noun: "department",
  schema: "Department",
  list: "list_departments",
  get: "get_department",
  create: "create_department",
  update: "update_department",
  remove: "delete_department",
  title: ["name"],
  search: "filter[name][contains]",
  columns: ["name", "code", "parent_id", "created_at"],
  groups: { basic: ["name", "code", "parent_id", "members"] },
  tabs: [{ resource: "accounts", by: "department_id" }],
};

export const accounts: Resource = {
  name: "accounts",
  noun: "account",
  schema: "Account",
  list: "list_accounts",
  get: "get_account",
  create: "create_account",
  update: "update_account",
  title: ["display_name"],
  search: "filter[display_name][contains]",
  columns: ["display_name", "username", "status", "department_id", "manager_id", "roles", "locked"],
  hidden: ["kind", "email", "mobile", "expires_on", "created_at"],
  form: ["display_name", "username", "password", "department_id", "manager_id", "roles"],
  groups: {
    basic: ["display_name", "username", "department_id", "manager_id", "roles"],
    standing: ["status", "locked", "expires_on"],
    contact: ["email", "mobile"],
  },
  tones: { in_service: "success" },
  actions: [{ operation: "set_password" }],
};

export const roles: Resource = {
  name: "roles",
  noun: "role",
  schema: "Role",
  list: "list_roles",
  get: "get_role",
  create: "create_role",
  update: "update_role",
  remove: "delete_role",
  title: ["name", "code"],
  sort: "created_at",
  search: "filter[name][contains]",
  columns: ["name", "code", "permissions", "ready", "created_at"],
  form: ["name", "code", "permissions"],
  groups: { basic: ["name", "code", "ready"] },
  apart: ["permissions"],
};

export const serviceAccounts: Resource = {
  name: "service-accounts",
  noun: "service_account",
  schema: "ServiceAccount",
  list: "list_service_accounts",
  get: "get_service_account",
  create: "create_service_account",
  update: "update_service_account",
  title: ["name"],
  status: "status",
  search: "filter[name][contains]",
  columns: ["name", "status", "description", "permissions", "last_used_at", "created_at"],
  form: ["name", "description", "department_id", "secret_expires_at", "permissions"],
  groups: { basic: ["name", "description", "department_id", "last_used_at", "last_used_from"] },
  apart: ["permissions", "secrets", "status"],
  tones: { active: "success", disabled: "error" },
};

/** A step names a person or a role; whose superior it is about, the request says. */
function whomOf(step: Record<string, unknown>) {
  const whom = { person: ["account_id"], role: ["role"] }[String(step.kind)];
  return ["kind", ...(whom ?? [])];
}

export const flows: Resource = {
  name: "approval-flows",
  noun: "approval_flow",
  schema: "ApprovalFlow",
  list: "list_approval_flows",
  get: "get_approval_flow",
  create: "create_approval_flow",
  update: "update_approval_flow",
  title: ["name"],
  search: "filter[name][contains]",
  columns: ["name", "subject_type", "steps", "allow_own", "active", "created_at"],
  form: ["name", "subject_type", "condition", "where", "steps", "priority", "allow_own", "active"],
  groups: {
    basic: ["name", "subject_type", "active", "allow_own", "priority", "condition", "where"],
    steps: ["steps"],
  },
  asks: { ApprovalStep: whomOf, NewApprovalStep: whomOf },
};

export const webhooks: Resource = {
  name: "webhooks",
  noun: "webhook",
  schema: "Webhook",
  list: "list_webhooks",
  get: "get_webhook",
  create: "create_webhook",
  update: "update_webhook",
  remove: "delete_webhook",
  title: ["description", "url"],
  search: "filter[description][contains]",
  columns: ["description", "url", "event_types", "active", "failing_since", "created_at"],
  form: ["url", "event_types", "description", "where"],
  groups: { basic: ["description", "url", "event_types", "conditions", "where", "active"] },
  apart: ["stopped_because", "failing_since", "previous_secret_until", "missed_before"],
  actions: [
    { operation: "test_webhook", primary: true },
    { operation: "resend_webhook", asks: ["state", "from", "to"] },
  ],
};

export const webhookDeliveries: Resource = {
  name: "webhook-deliveries",
  noun: "webhook_delivery",
  schema: "WebhookDelivery",
  list: "list_webhook_deliveries",
  title: ["event_type"],
  sort: "-position",
  columns: ["event_time", "event_type", "state", "tries", "next_attempt_at"],
  tones: { pending: "processing", delivered: "success", failed: "error" },
};

export const webhookAttempts: Resource = {
  name: "webhook-attempts",
  noun: "webhook_attempt",
  schema: "WebhookAttempt",
  list: "list_webhook_attempts",
  title: ["created_at"],
  columns: ["created_at", "status", "error", "response", "milliseconds"],
};

export const signIns: Resource = {
  name: "sign-ins",
  noun: "sign_in",
  schema: "SignIn",
  list: "list_sign_ins",
  title: ["username"],
  search: "filter[username][contains]",
  columns: ["username", "outcome", "reason", "client_address", "user_agent", "created_at"],
  tones: { signed_in: "success", refused: "error" },
};
