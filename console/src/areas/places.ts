import {
  BankOutlined,
  CustomerServiceOutlined,
  DeploymentUnitOutlined,
  FileTextOutlined,
  FunnelPlotOutlined,
  HomeOutlined,
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
export type Place = {
  name: string;
  /** Its address, where that is not its name. */
  path?: string;
  /** What it is found by in pinyin. */
  initials?: string;
  /** The key that leads there behind `g`. */
  letter?: string;
  icon?: ComponentType;
  needs?: OperationName;
  below?: Place[];
};

export const pathOf = (place: Place) => place.path ?? `/${place.name}`;

/** The order is the one that people know from other systems of this kind in China. */
export const places: Place[] = [
  { name: "workbench", initials: "gzt", letter: "w", path: "/", icon: HomeOutlined, needs: "get_me" },
  { name: "approvals", initials: "sp", letter: "a", icon: SolutionOutlined, needs: "list_approvals" },
  { name: "leads", initials: "xs", letter: "l", icon: UserAddOutlined, needs: "list_leads" },
  { name: "customers", initials: "kh", letter: "c", icon: TeamOutlined, needs: "list_customers" },
  { name: "contacts", initials: "lxr", letter: "n", icon: IdcardOutlined, needs: "list_all_contacts" },
  { name: "opportunities", initials: "sj", letter: "o", icon: FunnelPlotOutlined, needs: "list_opportunities" },
  { name: "contracts", initials: "ht", letter: "t", icon: FileTextOutlined, needs: "list_contracts" },
  {
    name: "finance",
    icon: BankOutlined,
    below: [
      { name: "receivables", initials: "ysk", letter: "r", needs: "list_receivables" },
      { name: "receipts", initials: "skd", needs: "list_receipts" },
      { name: "payables", initials: "yfk", needs: "list_payables" },
      { name: "payments", initials: "fkd", needs: "list_payments" },
      { name: "advances", initials: "ysf", needs: "list_advances" },
      { name: "bank-accounts", initials: "yhzh", needs: "list_bank_accounts" },
    ],
  },
  { name: "cases", initials: "fwgd", letter: "s", icon: CustomerServiceOutlined, needs: "list_cases" },
  {
    name: "catalogue",
    icon: ShoppingOutlined,
    below: [
      { name: "products", initials: "cp", letter: "p", needs: "list_products" },
      { name: "product-categories", initials: "cplb", needs: "list_product_categories" },
      { name: "competitors", initials: "jzds", needs: "list_competitors" },
      { name: "partners", initials: "hzhb", needs: "list_partners" },
    ],
  },
  {
    name: "settings",
    icon: SettingOutlined,
    below: [
      { name: "institutions", initials: "jg", needs: "list_institutions" },
      { name: "departments", initials: "bm", needs: "list_departments" },
      { name: "positions", initials: "zw", needs: "list_positions" },
      { name: "accounts", initials: "zh", needs: "list_accounts" },
      { name: "groups", initials: "yhz", needs: "list_groups" },
      { name: "pools", initials: "ghc", needs: "create_pool" },
      { name: "roles", initials: "js", needs: "list_roles" },
      { name: "service-accounts", initials: "fwzh", needs: "list_service_accounts" },
      { name: "approval-flows", initials: "splc", needs: "list_approval_flows" },
      { name: "dictionaries", initials: "zd", needs: "create_dictionary" },
      { name: "fields", initials: "zdsz", needs: "create_field" },
      { name: "numbering-rules", initials: "bhgz", needs: "update_numbering_rule" },
      { name: "parameters", initials: "xtcs", needs: "update_parameter" },
      { name: "webhooks", initials: "webhook", needs: "list_webhooks" },
      { name: "sign-ins", initials: "dlrz", needs: "list_sign_ins" },
      { name: "signing-keys", initials: "qmmy", needs: "rotate_signing_key" },
    ],
  },
  { name: "operations", initials: "xtyw", icon: DeploymentUnitOutlined, needs: "get_bus" },
];
