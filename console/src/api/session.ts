/**
 * Who is signed in, and the token that says so (docs/decisions/0030).
 *
 * The session lies in a cookie that no script reads; a page holds an access token in its memory and asks for a new one
 * by the cookie. Whether there is a cookie no script can know, so the browser keeps a mark from signing in to signing out.
 */
const MARK = "kehu.signed-in";
/** A token is renewed this long before it ends, so that no request begins with one that ends on its way. */
const AHEAD_MS = 60_000;

export type Refusal = "wrong" | "limited" | "unreachable";

let token: { value: string; until: number } | null = null;
let renewal: Promise<void> | null = null;
const listeners = new Set<() => void>();

function mark(signedIn: boolean) {
  // Another one each time: tabs notice it where somebody else signs in.
  if (signedIn) localStorage.setItem(MARK, crypto.randomUUID());
  else localStorage.removeItem(MARK);
  for (const tell of listeners) tell();
}

function end() {
  token = null;
  mark(false);
}

async function ask(path: string, body?: object): Promise<Response> {
  return fetch(`/v1/auth/session${path}`, {
    method: "POST",
    headers: { "X-CSRF-Protection": "1", ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
}

async function keep(answer: Response) {
  const { access_token, expires_in } = await answer.json();
  token = { value: access_token, until: Date.now() + expires_in * 1000 - AHEAD_MS };
}

export async function signIn(username: string, password: string): Promise<Refusal | null> {
  try {
    const answer = await ask("", { username, password });
    if (answer.status === 429) return "limited";
    if (answer.status >= 500) return "unreachable";
    if (!answer.ok) return "wrong";
    await keep(answer);
    mark(true);
    return null;
  } catch {
    return "unreachable";
  }
}

/** Ends the session here and at the server; returns false where the server did not hear of it, and it goes on. */
export async function signOut(): Promise<boolean> {
  const answer = await ask("/end").catch(() => null);
  if (!answer?.ok) return false;
  // What was typed and not sent is not for whoever signs in next.
  sessionStorage.clear();
  end();
  return true;
}

async function renew() {
  const answer = await ask("/renew");
  if (answer.ok) await keep(answer);
  // Only a refusal ends the session: who is offline for a minute stays signed in.
  else if (answer.status === 401) end();
  else throw new TypeError("The session could not be renewed now.");
}

/** Returns a token for one request, or null where nobody is signed in. `refused` is one that the server took no more. */
export async function accessToken(refused?: string): Promise<string | null> {
  const usable = () => (token && token.until > Date.now() && token.value !== refused ? token.value : null);
  if (!signedInBy()) return null;
  if (!usable()) {
    renewal ??= renew().finally(() => {
      renewal = null;
    });
    await renewal;
  }
  return usable();
}

/** Which sign-in this browser lives by; null where nobody is signed in. */
export const signedInBy = () => globalThis.localStorage?.getItem(MARK) ?? null;

/** Calls back whenever somebody signs in or out, in this tab or another. */
export function watchSession(tell: () => void) {
  const elsewhere = (event: StorageEvent) => {
    if (event.key !== MARK) return;
    token = null;
    tell();
  };
  listeners.add(tell);
  window.addEventListener("storage", elsewhere);
  return () => {
    listeners.delete(tell);
    window.removeEventListener("storage", elsewhere);
  };
}
