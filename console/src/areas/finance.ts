import type { Row } from "../api/call";
import { lazily } from "../resources/lazily";
import { mine, type Resource, type Tone } from "../resources/registry";
import { UNPAID } from "./finance/unpaid";

/** What is booked below one settles it, as long as something of it is open. */
const settles = {
  starts: (of: Row) => ({ amount: of.outstanding_amount }),
  open: (of: Row) => UNPAID.includes(String(of.status)),
};

const obligation = {
  title: ["summary"],
  status: "status",
  figure: "outstanding_amount",
  owner: "owner_id",
  scopes: mine,
  sort: "due_on",
  search: "filter[summary][contains]",
  columns: ["summary", "customer_id", "due_on", "status", "amount", "settled_amount", "outstanding_amount", "owner_id"],
  hidden: ["contract_number", "incurred_on", "bad_debt_amount", "created_at"],
  groups: {
    basic: ["summary", "customer_id", "contract_id", "contract_number", "status", "incurred_on", "due_on"],
    money: ["currency", "amount", "settled_amount", "outstanding_amount", "bad_debt_amount"],
  },
  tones: { unsettled: "warning", partial: "processing", settled: "success", bad_debt: "error" } satisfies Record<
    string,
    Tone
  >,
};
const voucher = {
  title: ["number"],
  status: "status",
  figure: "amount",
  owner: "owner_id",
  scopes: mine,
  search: "filter[number][contains]",
  tones: { booked: "success", reversed: "error", reversal: "warning" } satisfies Record<string, Tone>,
};

export const receivables: Resource = {
  ...obligation,
  name: "receivables",
  noun: "receivable",
  schema: "Receivable",
  list: "list_receivables",
  get: "get_receivable",
  tabs: [{ resource: "receipts", by: "receivable_id", ...settles }],
};

export const payables: Resource = {
  ...obligation,
  name: "payables",
  noun: "payable",
  schema: "Payable",
  list: "list_payables",
  get: "get_payable",
  tabs: [{ resource: "payments", by: "payable_id", ...settles }],
};

export const receipts: Resource = {
  ...voucher,
  name: "receipts",
  noun: "receipt",
  schema: "Receipt",
  list: "list_receipts",
  get: "get_receipt",
  create: "create_receipt",
  columns: ["number", "customer_id", "received_on", "status", "amount", "settled_amount", "advance_amount"],
  hidden: ["reference", "bank_account_id", "owner_id", "created_at"],
  form: ["receivable_id", "amount", "as_advance", "received_on", "bank_account_id"],
  begins: (today) => ({ received_on: today }),
  beside: lazily(() => import("./finance/Settling").then((part) => ({ default: part.ReceiptSettling }))),
  actions: [{ operation: "reverse_receipt", danger: true }],
};

export const payments: Resource = {
  ...voucher,
  name: "payments",
  noun: "payment",
  schema: "Payment",
  list: "list_payments",
  get: "get_payment",
  create: "create_payment",
  columns: ["number", "customer_id", "paid_on", "status", "amount", "settled_amount", "advance_amount"],
  hidden: ["reference", "bank_account_id", "owner_id", "created_at"],
  form: ["payable_id", "amount", "as_advance", "paid_on", "bank_account_id"],
  begins: (today) => ({ paid_on: today }),
  beside: lazily(() => import("./finance/Settling").then((part) => ({ default: part.PaymentSettling }))),
  actions: [{ operation: "reverse_payment", danger: true }],
};

export const advances: Resource = {
  name: "advances",
  noun: "advance",
  schema: "Advance",
  list: "list_advances",
  get: "get_advance",
  title: ["customer_name"],
  status: "status",
  figure: "open_amount",
  owner: "owner_id",
  scopes: mine,
  columns: ["customer_name", "direction", "status", "amount", "open_amount", "owner_id", "created_at"],
  tones: { open: "processing", used: "success", cancelled: "default" },
  actions: [
    { operation: "apply_advance", primary: true, starts: (row) => ({ amount: row.open_amount }) },
    { operation: "release_advance" },
  ],
};

export const bankAccounts: Resource = {
  name: "bank-accounts",
  noun: "bank_account",
  schema: "BankAccount",
  list: "list_bank_accounts",
  get: "get_bank_account",
  create: "create_bank_account",
  update: "update_bank_account",
  title: ["name"],
  figure: "balance",
  search: "filter[name][contains]",
  columns: ["name", "bank", "number", "currency", "opening_balance", "balance", "active"],
};
