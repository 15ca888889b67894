import createClient from "openapi-fetch";
import i18n from "../i18n";
import type { paths } from "./generated/schema";
import { Problem } from "./problem";
import { accessToken, signedInBy } from "./session";

function signed(request: Request, token: string | null) {
  const headers = new Headers(request.headers);
  headers.set("Accept-Language", i18n.language);
  if (token) headers.set("Authorization", `Bearer ${token}`);
  return new Request(request, { headers });
}

/** Sends a request in the name of who is signed in, and once more with a new token where the first one is refused. */
async function authorized(request: Request): Promise<Response> {
  const by = signedInBy();
  try {
    const token = await accessToken(by);
    const answer = await fetch(signed(request.clone(), token));
    if (answer.status !== 401 || !token) return answer;
    const renewed = await accessToken(by, token);
    return renewed ? await fetch(signed(request, renewed)) : answer;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, { code: "unreachable" });
  }
}

const listeners = new Set<() => void>();

/** Calls back whenever the server refuses something that one may not do: what one may is other than one knew. */
export function watchRefusals(tell: () => void) {
  listeners.add(tell);
  return () => void listeners.delete(tell);
}

/** The typed client: `api.GET("/v1/customers/{customer_id}", …)`. It throws a Problem instead of returning one. */
export const api = createClient<paths>({ baseUrl: "/", fetch: authorized });
api.use({
  async onResponse({ response }) {
    if (response.status === 403) for (const tell of listeners) tell();
    if (!response.ok) throw await Problem.of(response);
  },
});
