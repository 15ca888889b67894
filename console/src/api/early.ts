/**
 * Who is signed in, asked for before anything else of the console is read: everything waits for it, and a phone takes
 * longer to read the console than to ask. It is the first thing `main.tsx` imports, in a file of its own (vite.config.ts).
 */
import { accessToken, signedInBy } from "./session";

async function ask() {
  const token = await accessToken();
  if (!token) return undefined;
  const answer = await fetch("/v1/me", { headers: { Authorization: `Bearer ${token}` } });
  return answer.ok ? answer.json() : undefined;
}

const by = signedInBy();
let asked = by ? ask().catch(() => undefined) : undefined;

/** Returns, once, what was asked early, as far as the same one is still signed in. */
export async function askedEarly<Answer>(): Promise<Answer | undefined> {
  const answer = by === signedInBy() ? asked : undefined;
  asked = undefined;
  return answer;
}
