import { lazy } from "react";
import { mine, type Resource } from "../resources/registry";

export const contracts: Resource = {
  name: "contracts",
  noun: "contract",
  schema: "Contract",
  summary: "ContractSummary",
  list: "list_contracts",
  get: "get_contract",
  create: "create_contract",
  update: "update_contract",
  remove: "delete_contract",
  title: ["name"],
  status: "status",
  figure: "amount",
  owner: "owner_id",
  scopes: mine,
  search: "filter[search][contains]",
  columns: ["name", "number", "customer_id", "status", "amount", "signed_on", "ends_on", "owner_id"],
  hidden: ["nature", "kind", "payment_mode", "starts_on", "created_at", "updated_at"],
  form: ["name", "customer_id", "opportunity_id", "nature", "payment_mode", "amount", "payment_terms"],
  begins: () => ({ nature: "income", payment_mode: "one_off" }),
  groups: {
    basic: ["name", "number", "customer_id", "opportunity_id", "kind", "nature", "payment_mode", "amount", "currency"],
    dates: ["starts_on", "ends_on", "signed_on", "completed_on"],
    signing: ["signer_id", "customer_signer", "rejection"],
    lines: ["lines", "payment_terms"],
  },
  tones: { pending_approval: "warning", approved: "processing", signed: "success", completed: "success" },
  actions: [
    { operation: "submit_contract", primary: true },
    {
      operation: "sign_contract",
      primary: true,
      starts: (row, today) => ({ signed_on: today, signer_id: row.signer_id, customer_signer: row.customer_signer }),
    },
    { operation: "complete_contract", primary: true, starts: (_row, today) => ({ completed_on: today }) },
  ],
  picture: { shows: lazy(() => import("./approvals/ContractApproval")) },
  processes: true,
  tabs: [
    { resource: "receivables", by: "contract_id" },
    { resource: "payables", by: "contract_id" },
    { resource: "receipts", by: "contract_id" },
    { resource: "deliveries", by: "contract_id" },
    { resource: "payments", by: "contract_id" },
    { resource: "approvals", by: "subject_id" },
  ],
};

export const deliveries: Resource = {
  name: "deliveries",
  noun: "delivery",
  schema: "Delivery",
  list: "list_deliveries",
  create: "record_delivery",
  remove: "delete_delivery",
  title: ["delivered_on"],
  columns: ["line_id", "quantity", "delivered_on", "recorded_by", "created_at"],
  parts: { line_id: "lines" },
  begins: (today) => ({ delivered_on: today }),
};

export const approvals: Resource = {
  name: "approvals",
  noun: "approval",
  schema: "ApprovalWithHistory",
  summary: "Approval",
  list: "list_approvals",
  get: "get_approval",
  title: ["title"],
  status: "state",
  figure: "amount",
  scopes: {
    waiting: { "filter[waiting_for_me]": "true" },
    decided: { "filter[decided_by_me]": "true" },
    requested: { "filter[requester_id]": "me" },
  },
  search: "filter[title][contains]",
  columns: ["title", "state", "amount", "requester_id", "step", "created_at"],
  hidden: ["approver_id", "approver_role", "decided_at", "updated_at"],
  groups: {
    basic: ["title", "amount", "currency", "requester_id", "state"],
  },
  picture: {
    of: ["step", "step_count", "approver_id", "approver_role", "decided_at", "history"],
    shows: lazy(() => import("./approvals/ApprovalPicture")),
  },
  tones: { pending: "warning", approved: "success", rejected: "error" },
  actions: [
    { operation: "approve", primary: true },
    { operation: "reject", primary: true },
  ],
};
