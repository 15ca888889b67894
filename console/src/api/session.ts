import { closeWindows } from "./windows";

/**
 * Who is signed in, and the token that says so (docs/decisions/0030).
 *
 * The session lies in a cookie that no script reads; a page holds an access token in its memory and asks for a new one
 * by the cookie. Whether there is a cookie no script can know, so the browser keeps a mark from signing in to signing out.
 */
const MARK = "kehu.signed-in";
/** The last time that somebody signed out: another one each time, and in each tab the one that it knows of. */
const LEFT = "kehu.signed-out";
/** A token is renewed this long before it ends, so that no request begins with one that ends on its way. */
const AHEAD_MS = 60_000;

export type Refusal = "wrong" | "limited" | "unreachable";

let token: { value: string; until: number } | null = null;
type Renewal = { by: string | null; answered: Promise<void> };
let renewal: Renewal | null = null;
const listeners = new Set<() => void>();

function mark(signedIn: boolean) {
  // Another one each time: tabs notice it where somebody else signs in.
  if (signedIn) localStorage.setItem(MARK, crypto.randomUUID());
  else localStorage.removeItem(MARK);
  for (const tell of listeners) tell();
}

/** Which sign-out was the last one in this browser. */
export const lastSignOut = () => localStorage.getItem(LEFT);

/** What was typed here and not sent is for nobody, once somebody has signed out: in any tab, this one asleep or not. */
function forget() {
  const left = lastSignOut();
  if (!left || sessionStorage.getItem(LEFT) === left) return;
  sessionStorage.clear();
  sessionStorage.setItem(LEFT, left);
}

/** Leaves nothing open for the next one; a page that is loaded afterwards has what its link opens. */
function leave() {
  forget();
  closeWindows();
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

function keep({ access_token, expires_in }: { access_token: string; expires_in: number }) {
  token = { value: access_token, until: Date.now() + expires_in * 1000 - AHEAD_MS };
}

export async function signIn(username: string, password: string): Promise<Refusal | null> {
  try {
    const answer = await ask("", { username, password });
    if (answer.status === 429) return "limited";
    if (answer.status >= 500) return "unreachable";
    if (!answer.ok) return "wrong";
    keep(await answer.json());
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
  localStorage.setItem(LEFT, crypto.randomUUID());
  leave();
  end();
  return true;
}

async function renew(by: string | null) {
  const answer = await ask("/renew");
  const told = answer.ok ? await answer.json() : null;
  // Somebody else has signed in meanwhile: it is neither their token nor the end of their session.
  if (signedInBy() !== by) return;
  if (told) keep(told);
  // Only a refusal ends the session: who is offline for a minute stays signed in.
  else if (answer.status === 401) end();
  else throw new TypeError("The session could not be renewed now.");
}

/** The renewal that is under way for a sign-in, or else a new one. */
function renewed(by: string | null) {
  if (renewal?.by === by) return renewal.answered;
  const mine: Renewal = {
    by,
    answered: renew(by).finally(() => {
      if (renewal === mine) renewal = null;
    }),
  };
  renewal = mine;
  return mine.answered;
}

/**
 * Returns a token for one request, or null where whoever began it, `by`, is not signed in (any more): nobody else's is
 * theirs. `refused` is a token that the server took no more.
 */
export async function accessToken(by = signedInBy(), refused?: string): Promise<string | null> {
  const usable = () => (token && token.until > Date.now() && token.value !== refused ? token.value : null);
  const isThere = () => by !== null && signedInBy() === by;
  if (isThere() && !usable()) await renewed(by);
  return isThere() ? usable() : null;
}

/** Which sign-in this browser lives by; null where nobody is signed in. */
export const signedInBy = () => globalThis.localStorage?.getItem(MARK) ?? null;

/** Calls back whenever somebody signs in or out, in this tab or another. */
export function watchSession(tell: () => void) {
  const elsewhere = (event: StorageEvent) => {
    if (event.key === LEFT) leave();
    if (event.key !== MARK) return;
    token = null;
    tell();
  };
  forget();
  listeners.add(tell);
  window.addEventListener("storage", elsewhere);
  return () => {
    listeners.delete(tell);
    window.removeEventListener("storage", elsewhere);
  };
}
