import type { Fields } from "../api/meta";
import { withTexts } from "../i18n";
import { lazily } from "../resources/lazily";
import type { Resource } from "../resources/registry";
import { asksOfStep, needsOfStep } from "./flows/steps";

/** What accounts are found by that is no field of theirs (ID-16). */
const lacking: Fields = {
  within_department_id: {
    format: "uuid",
    reference: "department",
    label: { zh: "部门（含下级）", en: "Department and below" },
  },
  without_position: { type: "boolean", label: { zh: "未分配职位", en: "Without position" } },
  without_role: { type: "boolean", label: { zh: "未分配角色", en: "Without role" } },
};

export const institutions: Resource = {
  name: "institutions",
  noun: "institution",
  schema: "Institution",
  list: "list_institutions",
  get: "get_institution",
  create: "create_institution",
  update: "update_institution",
  remove: "delete_institution",
  title: ["name"],
  sort: "created_at",
  search: "filter[name][contains]",
  columns: ["name", "created_at"],
  groups: { basic: ["name"] },
  tabs: [
    { resource: "departments", by: "institution_id" },
    { resource: "roles", by: "institution_id" },
  ],
};

export const positions: Resource = {
  name: "positions",
  noun: "position",
  schema: "Position",
  list: "list_positions",
  get: "get_position",
  create: "create_position",
  update: "update_position",
  remove: "delete_position",
  title: ["name"],
  search: "filter[name][contains]",
  columns: ["name", "department_id", "superior_id", "management", "holder_ids"],
  groups: { basic: ["name", "department_id", "superior_id", "management", "holder_ids"] },
  views: ["chart"],
  actions: [{ operation: "appoint", primary: true }],
};

export const groups: Resource = {
  name: "groups",
  noun: "user_group",
  schema: "Group",
  list: "list_groups",
  get: "get_user_group",
  create: "create_user_group",
  update: "update_user_group",
  remove: "delete_user_group",
  title: ["name"],
  search: "filter[name][contains]",
  columns: ["name", "description", "members", "created_at"],
  groups: { basic: ["name", "description", "members"] },
  actions: [{ operation: "add_user_group_members", primary: true }],
  tabs: [{ resource: "group-members", by: "user_group_id" }],
};

/** Where records lie that nobody has yet, who sees them there, and who keeps them. */
export const pools: Resource = {
  name: "pools",
  noun: "pool",
  schema: "Pool",
  list: "list_pools",
  get: "get_pool",
  create: "create_pool",
  update: "update_pool",
  title: ["name"],
  search: "filter[name][contains]",
  columns: ["name", "members_group_id", "admins_group_id", "policy", "may_move", "active"],
  hidden: ["noun", "open_details", "recycle_idle_days", "recycle_unconverted_days", "created_at"],
  of: "filter[noun]",
  groups: {
    basic: ["name", "noun", "members_group_id", "admins_group_id", "policy", "may_move", "open_details", "active"],
    recycling: ["recycle_idle_days", "recycle_unconverted_days"],
  },
};

/** Who is in a group: accounts, but to be taken out here. */
export const groupMembers: Resource = {
  name: "group-members",
  noun: "user_group_member",
  schema: "Account",
  list: "list_user_group_members",
  filters: lacking,
  remove: "remove_user_group_member",
  title: ["display_name"],
  columns: ["display_name", "department_id", "position_id"],
};

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
  columns: ["name", "code", "parent_id", "institution_id", "created_at"],
  groups: { basic: ["name", "code", "parent_id", "institution_id", "members"] },
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
  columns: ["display_name", "username", "status", "department_id", "position_id", "manager_id", "roles", "locked"],
  hidden: ["kind", "institution_id", "security_level", "email", "mobile", "expires_on", "created_at"],
  filters: lacking,
  form: ["display_name", "username", "password", "department_id", "positions", "manager_id", "roles"],
  groups: {
    basic: ["display_name", "username", "manager_id", "manager_follows", "roles", "security_level"],
    place: ["institution_id", "department_id", "positions"],
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
  columns: ["name", "code", "permissions", "institution_id", "ready", "created_at"],
  form: ["name", "code", "institution_id", "permissions", "departments"],
  groups: { basic: ["name", "code", "institution_id", "departments", "ready"] },
  apart: ["permissions", "limits"],
  actions: [{ operation: "add_role_members" }],
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
  form: ["name", "description", "department_id", "secret_expires_at", "permissions", "departments"],
  groups: { basic: ["name", "description", "department_id", "departments", "last_used_at", "last_used_from"] },
  apart: ["permissions", "secrets", "status"],
  tones: { active: "success", disabled: "error" },
};

const StepsPicture = lazily(withTexts("records", () => import("./flows/StepsPicture")));

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
  columns: ["name", "subject_type", "subject_step", "priority", "steps", "allow_own", "active", "created_at"],
  form: ["name", "subject_type", "subject_step", "condition", "where", "steps", "priority", "allow_own", "active"],
  groups: {
    basic: ["name", "subject_type", "subject_step", "active", "allow_own", "priority", "condition", "where"],
    steps: ["steps"],
  },
  asks: { ApprovalStep: asksOfStep, NewApprovalStep: asksOfStep },
  needs: { ApprovalStep: needsOfStep, NewApprovalStep: needsOfStep },
  draws: { ApprovalStep: StepsPicture, NewApprovalStep: StepsPicture },
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
