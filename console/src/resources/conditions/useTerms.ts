import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/call";
import { searches, type Terms } from "../../api/conditions";
import { resources } from "../registry";

/** What conditions are on: records of a noun, or what events of some types tell. */
export type About = Partial<Record<"subject_type" | "event_types", unknown>> & Record<string, unknown>;

/** What may be asked of what a flow is for, or of the events that a webhook is told of; undefined until it is known. */
export function useTerms({ subject_type, event_types }: About): Terms | undefined {
  const types = Array.isArray(event_types) ? event_types.join(",") : "";
  const told = useQuery({
    queryKey: ["webhooks", "terms", types],
    queryFn: async ({ signal }) =>
      (await call<{ terms: Terms }>("list_webhook_terms", { query: { types }, signal })).terms,
    enabled: types !== "",
    staleTime: 300_000,
  });
  if (types) return told.data;
  const subject = resources().find((each) => each.noun === subject_type);
  const terms = subject && searches[subject.list]?.terms;
  // Only what one record says by itself is judged there.
  return (
    terms && Object.fromEntries(Object.entries(terms).filter(([, term]) => !["search", "question"].includes(term.kind)))
  );
}
