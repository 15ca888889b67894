import { plain } from "../../resources/plain";
import type { Term } from "../../resources/terms";

export type State = "every" | "inUse" | "outOfUse";

/** The terms that have a text in any of their names, and are in use or not. */
export function matching(terms: Term[], text: string, state: State) {
  const part = plain(text);
  return terms.filter(
    ({ code, label, active }) =>
      [code, label.zh, label.en].some((name) => plain(name).includes(part)) &&
      (state === "every" || active === (state === "inUse")),
  );
}
