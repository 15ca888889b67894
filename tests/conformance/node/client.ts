// A client with the types that openapi-typescript generates: sign in, list with a filter, turn a lead into a customer.
// `tsc` has to agree with it: what an answer always has is used here without asking whether it is there.
import { readFileSync } from "node:fs";
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";

type Given = { url: string; username: string; password: string; tag: string; close_on: string };

const given: Given = JSON.parse(readFileSync(0, "utf8"));
// Lists answer in another media type where `fields` names a part of each record: without it they are JSON.
const api = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: given.url });

/** Return what a call answered, or fail with the problem it met. */
function taken<T>(outcome: { data?: T; error?: components["schemas"]["Problem"]; response: Response }): T {
  if (outcome.data === undefined) {
    throw new Error(`${outcome.response.status} ${outcome.error?.code}: ${outcome.error?.detail}`);
  }
  return outcome.data;
}

const tokens = taken(
  await api.POST("/v1/auth/token", {
    body: { grant_type: "password", username: given.username, password: given.password },
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  }),
);
const token: string = tokens.access_token;
const signedIn: Middleware = {
  onRequest({ request }) {
    request.headers.set("Authorization", `Bearer ${token}`);
    return request;
  },
};
api.use(signedIn);

const company = `类型 ${given.tag} 有限公司`;
const lead: components["schemas"]["Lead"] = taken(
  await api.POST("/v1/leads", {
    params: { header: { "Idempotency-Key": `lead-${given.tag}` } },
    body: { company_name: company, contact_name: "周静怡" },
  }),
);
const version: number = lead.version;
const converted = taken(
  await api.POST("/v1/leads/{lead_id}/convert", {
    params: { path: { lead_id: lead.id }, header: { "If-Match": `"${version}"` } },
    body: {
      opportunity: {
        name: `类型 ${given.tag}`,
        amount: "36000.00",
        currency: "CNY",
        expected_close_on: given.close_on,
      },
    },
  }),
);

/** Return the customers of that name, as soon as there are any. */
async function customers(): Promise<components["schemas"]["Customer"][]> {
  for (const until = Date.now() + 60_000; Date.now() < until; ) {
    const page = taken(await api.GET("/v1/customers", { params: { query: { "filter[name]": company } } }));
    if (page.items.length) return page.items;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the customer did not appear");
}

const [customer] = await customers();
const status: string = customer!.status;
const refused = await api.PATCH("/v1/customers/{customer_id}", {
  params: { path: { customer_id: customer!.id }, header: { "If-Match": '"999"' } },
  body: { name: company },
});
console.log(
  JSON.stringify({
    lead: lead.id,
    customer: customer!.id,
    converted: converted.customer_id,
    status,
    refused: [refused.response.status, refused.error?.code],
  }),
);
