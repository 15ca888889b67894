import type { Resource } from "../resources/registry";

/** Libraries that belong to nobody: what is sold, together with whom, and against whom. */
export const products: Resource = {
  name: "products",
  noun: "product",
  schema: "Product",
  list: "list_products",
  get: "get_product",
  create: "create_product",
  update: "update_product",
  title: ["name"],
  figure: "price",
  search: "filter[name][contains]",
  columns: ["name", "code", "category_id", "unit", "price", "active"],
  hidden: ["category", "created_at", "updated_at"],
  form: ["name", "category_id", "unit", "price", "currency", "code"],
  groups: { basic: ["name", "code", "category_id", "category", "unit", "price", "currency", "active"] },
};

export const categories: Resource = {
  name: "product-categories",
  noun: "product_category",
  schema: "ProductCategory",
  list: "list_product_categories",
  get: "get_product_category",
  create: "create_product_category",
  update: "update_product_category",
  remove: "delete_product_category",
  title: ["name"],
  sort: "code",
  search: "filter[name][contains]",
  columns: ["name", "code", "parent_id", "active"],
  hidden: ["remark", "created_at", "updated_at"],
  groups: { basic: ["name", "code", "parent_id", "remark", "active"] },
  apart: ["path"],
  tabs: [
    { resource: "products", by: "category_id" },
    { resource: "product-categories", by: "parent_id" },
  ],
};

export const competitors: Resource = {
  name: "competitors",
  noun: "competitor",
  schema: "Competitor",
  list: "list_competitors",
  get: "get_competitor",
  create: "create_competitor",
  update: "update_competitor",
  remove: "delete_competitor",
  title: ["name"],
  status: "threat",
  search: "filter[name][contains]",
  columns: ["name", "threat", "products", "website", "active"],
  hidden: ["strengths", "weaknesses", "remark", "created_at", "updated_at"],
  form: ["name", "threat", "products"],
  groups: { basic: ["name", "threat", "website", "active"], told: ["products", "strengths", "weaknesses", "remark"] },
  tones: { high: "error", medium: "warning" },
  tabs: [{ resource: "opportunity-competitors", by: "competitor_id", title: ["opportunity_name"] }],
};

export const partners: Resource = {
  name: "partners",
  noun: "partner",
  schema: "Partner",
  list: "list_partners",
  get: "get_partner",
  create: "create_partner",
  update: "update_partner",
  remove: "delete_partner",
  title: ["name"],
  search: "filter[name][contains]",
  columns: ["name", "kind", "contact_name", "phone", "active"],
  hidden: ["phone_e164", "email", "website", "remark", "created_at", "updated_at"],
  form: ["name", "kind", "contact_name", "phone"],
  groups: { basic: ["name", "kind", "website", "remark", "active"], contact: ["contact_name", "phone", "email"] },
  tabs: [{ resource: "opportunity-partners", by: "partner_id", title: ["opportunity_name"] }],
};
