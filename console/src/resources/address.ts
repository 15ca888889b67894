import { useSearchParams } from "react-router";
import { useMe } from "../api/permissions";
import type { Query } from "./queries";
import type { Resource } from "./registry";
import { useTeam } from "./team";

/** What of the address is the list's own, and no question to the server. */
const OWN = ["preview", "new", "columns", "scope", "tab", "write"];

/** Whom a scope means as long as that is not known. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Everything chosen on a list stands in its address: a view is a link. */
export function useAddress() {
  const [search, setSearch] = useSearchParams();
  const set = (changes: Record<string, string | undefined>) =>
    setSearch(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [key, value] of Object.entries(changes)) {
          if (value) next.set(key, value);
          else next.delete(key);
        }
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  return { values: Object.fromEntries(search) as Query, set };
}

/** The address as a question to the server. A scope such as mine is of whoever opens the link. */
export function useQuestion(resource: Resource, values: Query): Query {
  const people: Record<string, string | undefined> = { me: useMe().data?.id, team: useTeam()?.join(",") };
  const question = Object.fromEntries(Object.entries(values).filter(([key]) => !OWN.includes(key)));
  const scope = Object.entries(resource.scopes?.[values.scope ?? ""] ?? {});
  for (const [filter, value] of scope) question[filter] = value in people ? people[value] || NOBODY : value;
  if (!question.sort && resource.sort) question.sort = resource.sort;
  return question;
}

/** Whether the list is narrowed: an empty one then says "no match" and not "nothing yet". */
export const isNarrowed = (values: Query) =>
  Object.keys(values).some((key) => key.startsWith("filter[") || key === "scope");

export const withoutFilters = (values: Query) =>
  Object.fromEntries(
    Object.keys(values)
      .filter((key) => key.startsWith("filter[") || key === "scope")
      .map((key) => [key, undefined]),
  );
