/**
 * What has been typed into a form that is not sent yet, and the key under which the server does it once.
 *
 * Both outlive a reload, a lost connection and the end of a session in this tab; signing out clears them.
 */
export type Draft = { values: Record<string, unknown>; key: string };

const at = (name: string) => `kehu.draft.${name}`;
const anew = (): Draft => ({ values: {}, key: crypto.randomUUID() });

export function draftOf(name: string): Draft {
  const kept = sessionStorage.getItem(at(name));
  return kept ? JSON.parse(kept) : anew();
}

export const hasDraft = (name: string) => sessionStorage.getItem(at(name)) !== null;

/** Whether there is any whose name begins so. */
export const hasDraftOf = (beginning: string) =>
  Object.keys(sessionStorage).some((key) => key.startsWith(at(beginning)));

export function keepDraft(name: string, draft: Draft) {
  // A password is typed again: it lies nowhere, neither in a form nor where it is changed in place.
  if (name.endsWith("password")) return;
  const values = Object.entries(draft.values).filter(([field]) => !field.endsWith("password"));
  sessionStorage.setItem(at(name), JSON.stringify({ ...draft, values: Object.fromEntries(values) }));
}

export function dropDraft(name: string) {
  sessionStorage.removeItem(at(name));
}
