import {
  BankOutlined,
  CustomerServiceOutlined,
  FileTextOutlined,
  FunnelPlotOutlined,
  IdcardOutlined,
  SettingOutlined,
  ShoppingOutlined,
  SolutionOutlined,
  TeamOutlined,
  UserAddOutlined,
} from "@ant-design/icons";
import type { ComponentType } from "react";
import type { OperationName } from "../api/meta";

/** A place in the navigation; who may not ask what it needs does not see it. */
export type Place = { name: string; icon?: ComponentType; needs?: OperationName; below?: Place[] };

/** The order is the one that people know from other systems of this kind in China. */
export const places: Place[] = [
  { name: "approvals", icon: SolutionOutlined, needs: "list_approvals" },
  { name: "leads", icon: UserAddOutlined, needs: "list_leads" },
  { name: "customers", icon: TeamOutlined, needs: "list_customers" },
  { name: "contacts", icon: IdcardOutlined, needs: "list_all_contacts" },
  { name: "opportunities", icon: FunnelPlotOutlined, needs: "list_opportunities" },
  { name: "contracts", icon: FileTextOutlined, needs: "list_contracts" },
  {
    name: "finance",
    icon: BankOutlined,
    below: [
      { name: "receivables", needs: "list_receivables" },
      { name: "receipts", needs: "list_receipts" },
      { name: "payables", needs: "list_payables" },
      { name: "payments", needs: "list_payments" },
      { name: "advances", needs: "list_advances" },
      { name: "bank-accounts", needs: "list_bank_accounts" },
    ],
  },
  { name: "cases", icon: CustomerServiceOutlined, needs: "list_cases" },
  { name: "products", icon: ShoppingOutlined, needs: "list_products" },
  {
    name: "settings",
    icon: SettingOutlined,
    below: [
      { name: "departments", needs: "list_departments" },
      { name: "accounts", needs: "list_accounts" },
      { name: "roles", needs: "list_roles" },
      { name: "approval-flows", needs: "list_approval_flows" },
      { name: "webhooks", needs: "list_webhooks" },
      { name: "sign-ins", needs: "list_sign_ins" },
    ],
  },
];
