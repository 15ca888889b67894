import { type NavigateOptions, useLocation, useNavigate, useSearchParams } from "react-router";
import { narrowedBy, orderedBy } from "../api/fields";
import { operations } from "../api/meta";
import { useMe } from "../api/permissions";
import { readTree } from "./conditions/tree";
import type { Query } from "./queries";
import { isSearched, type Resource } from "./registry";
import { useMayHaveTeam, useTeam } from "./team";

export const isFilter = (name: string) => name.startsWith("filter[");
/** A tree of conditions stands in the address by this name. */
export const WHERE = "where";
const narrows = (name: string) => isFilter(name) || name === WHERE;

/**
 * Whether something in the address narrows or orders the list, as the contract has it. The rest is the page's own, or was
 * hung on to the link by whoever passed it on.
 */
function isAsked(resource: Resource, name: string, value: string) {
  const { queries, sort } = operations[resource.list];
  if (name === WHERE) return isSearched(resource) && readTree(value) !== undefined;
  if (name === "sort") return sort?.includes(value) || orderedBy(resource.noun).includes(value.replace(/^-/, ""));
  return isFilter(name) && (queries?.includes(name) || isOfOwn(resource, name));
}

/** Whether a filter is by a field that is set at run time. */
const isOfOwn = ({ noun }: Resource, name: string) =>
  narrowedBy(noun).some((own) => name === `filter[${own}]` || name.startsWith(`filter[${own}][`));

/** The names of what the address asks of the list and the contract knows no answer to. */
export const unreadIn = (resource: Resource, values: Query) =>
  Object.keys(values).filter((name) => {
    const value = values[name]!;
    if (name === "scope") return resource.scopes && value !== "all" && !(value in resource.scopes);
    return (name === "sort" || narrows(name)) && !isAsked(resource, name, value);
  });

/** Whom a scope means where that is nobody. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Everything chosen on a list stands in its address: a view is a link. */
export function useAddress() {
  const [search, setSearch] = useSearchParams();
  const set = (changes: Record<string, string | undefined>, options: NavigateOptions = { replace: true }) =>
    setSearch(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [key, value] of Object.entries(changes)) {
          if (value) next.set(key, value);
          else next.delete(key);
        }
        return next;
      },
      { preventScrollReset: true, ...options },
    );
  /** Another list need not have the record that is shown beside this one. */
  const narrow = (changes: Record<string, string | undefined>) => set({ ...changes, preview: undefined });
  return { values: Object.fromEntries(search) as Query, set, narrow };
}

/** An entry of the browser's history that something over the page has for itself. */
const OVER = { isOver: true };
export const useIsOver = () => useLocation().state?.isOver === true;

/** The form of a new one over its list. It fills a phone, where Back is what closes it: it has a step of its own in the history. */
export function useNew() {
  const { values, set } = useAddress();
  const navigate = useNavigate();
  const isOver = useIsOver();
  return {
    isOpen: values.new !== undefined,
    // At once, for whoever goes on typing: only what is drawn can take a key.
    open: () => values.new === undefined && set({ new: "1" }, { state: OVER, flushSync: true }),
    close: () => (isOver ? void navigate(-1) : set({ new: undefined })),
  };
}

/** Which of its narrowed lists the address means: by itself the one that the list opens with. */
export const scopeIn = (resource: Resource, values: Query) => values.scope ?? resource.opens ?? "all";
const scopeOf = (resource: Resource, values: Query) =>
  Object.entries(resource.scopes?.[scopeIn(resource, values)] ?? {});

/** Whether a scope means whoever reports to oneself: they are asked for when it is chosen. */
export const isOfTeam = (resource: Resource, values: Query) =>
  scopeOf(resource, values).some(([, whose]) => whose === "team");

/**
 * The address as a question to the server. A scope such as mine is of whoever opens the link: undefined as long as it is
 * not known whom it means.
 */
export function questionIn(resource: Resource, values: Query, people: Record<string, string | undefined>) {
  const question = Object.fromEntries(Object.entries(values).filter(([name, value]) => isAsked(resource, name, value)));
  for (const [filter, value] of scopeOf(resource, values)) {
    const whose = value in people ? people[value] : value;
    if (whose === undefined) return undefined;
    question[filter] = whose;
  }
  if (!question.sort && resource.sort) question.sort = resource.sort;
  return question;
}

export function useQuestion(resource: Resource, values: Query): Query | undefined {
  const me = useMe().data?.id;
  const team = useTeam(isOfTeam(resource, values));
  const mayHaveTeam = useMayHaveTeam();
  const below = mayHaveTeam ? team.data?.ids : [];
  return questionIn(resource, values, { me, team: below && (below.join(",") || NOBODY) });
}

/** Whether the list is narrowed: an empty one then says "no match" and not "nothing yet". */
export function isNarrowed(resource: Resource, values: Query) {
  const unread = unreadIn(resource, values);
  const isNarrow = (name: string) => narrows(name) || (name === "scope" && values.scope !== "all");
  return Object.keys(values).some((name) => isNarrow(name) && !unread.includes(name));
}

export const withoutFilters = (values: Query) =>
  Object.fromEntries(
    Object.keys(values)
      .filter((key) => narrows(key) || key === "scope")
      .map((key) => [key, undefined]),
  );
