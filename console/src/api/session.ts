/**
 * Who is signed in, and the token that says so.
 *
 * The refresh token can be used once: whoever renews holds the lock of all tabs, and a tab that waited for it takes what
 * the other one got.
 */
const STORE = "kehu.session";
const LOCK = "kehu.session.renewal";
/** A token is renewed this long before it ends, so that no request begins with one that ends on its way. */
const AHEAD_MS = 30_000;

type Session = { access: string; refresh: string; until: number };
export type Refusal = "wrong" | "limited" | "unreachable";

const listeners = new Set<() => void>();

function current(): Session | null {
  return JSON.parse(localStorage.getItem(STORE) ?? "null");
}

function keep(session: Session | null) {
  if (session) localStorage.setItem(STORE, JSON.stringify(session));
  else localStorage.removeItem(STORE);
  for (const tell of listeners) tell();
}

async function grant(form: Record<string, string>): Promise<Refusal | null> {
  try {
    const answer = await fetch("/v1/auth/token", { method: "POST", body: new URLSearchParams(form) });
    if (answer.status === 429) return "limited";
    if (answer.status >= 500) return "unreachable";
    if (!answer.ok) return "wrong";
    const tokens = await answer.json();
    keep({
      access: tokens.access_token,
      refresh: tokens.refresh_token,
      until: Date.now() + tokens.expires_in * 1000 - AHEAD_MS,
    });
    return null;
  } catch {
    return "unreachable";
  }
}

export const signIn = (username: string, password: string) => grant({ grant_type: "password", username, password });

/** Ends the session here and at the server; without a connection it ends here, and the token by itself. */
export async function signOut() {
  const session = current();
  keep(null);
  if (session)
    await fetch("/v1/auth/revoke", { method: "POST", body: new URLSearchParams({ token: session.refresh }) }).catch(
      () => undefined,
    );
}

/** Returns a token for one request, or null where nobody is signed in. `refused` is one that the server took no more. */
export async function accessToken(refused?: string): Promise<string | null> {
  const usable = () => {
    const session = current();
    return session && session.until > Date.now() && session.access !== refused ? session.access : null;
  };
  if (!current()) return null;
  if (usable()) return usable();
  await navigator.locks.request(LOCK, async () => {
    const session = current();
    if (!session || usable()) return;
    // Only a refusal ends the session: who is offline for a minute stays signed in.
    if ((await grant({ grant_type: "refresh_token", refresh_token: session.refresh })) === "wrong") keep(null);
  });
  return usable();
}

export const isSignedIn = () => current() !== null;

/** Calls back whenever somebody signs in or out, in this tab or another. */
export function watchSession(tell: () => void) {
  const elsewhere = (event: StorageEvent) => event.key === STORE && tell();
  listeners.add(tell);
  window.addEventListener("storage", elsewhere);
  return () => {
    listeners.delete(tell);
    window.removeEventListener("storage", elsewhere);
  };
}
