import type { OperationName } from "../../api/meta";

/** Something to begin with. */
export type Step = {
  name: string;
  to: string;
  /** What one must be allowed for it; nothing: everybody may. */
  needs?: OperationName;
  /** The list that shows that it was done, and by which filter it is one's own. Without it going there is all. */
  shownBy?: { list: OperationName; mine: string };
  /** The newest of one's own records of a list, where there is one: it is done on its page. */
  on?: { list: OperationName; mine: string; page: (id: string) => string };
};

/** How many a beginner is given: more would not be read. */
const MOST = 4;

const steps: Step[] = [
  {
    name: "customer",
    to: "/customers?new=1",
    needs: "create_customer",
    shownBy: { list: "list_customers", mine: "filter[owner_id]" },
  },
  {
    name: "activity",
    to: "/customers",
    needs: "create_activity",
    shownBy: { list: "list_all_activities", mine: "filter[author_id]" },
    on: { list: "list_customers", mine: "filter[owner_id]", page: (id) => `/customers/${id}?write=1` },
  },
  {
    name: "case",
    to: "/cases?new=1",
    needs: "create_case",
    shownBy: { list: "list_cases", mine: "filter[opened_by]" },
  },
  { name: "approvals", to: "/approvals?scope=waiting", needs: "approve" },
  { name: "receivables", to: "/receivables", needs: "create_receipt" },
  { name: "board", to: "/opportunities/board", needs: "list_opportunities" },
  { name: "keys", to: "/help#keys" },
];
const phone: Step = { name: "phone", to: "/help#phone" };

/** What fits somebody's role, in this order; the phone is for everybody, and last. */
export const stepsFor = (allowed: (name?: OperationName) => boolean) => [
  ...steps.filter((step) => !step.needs || allowed(step.needs)).slice(0, MOST - 1),
  phone,
];
