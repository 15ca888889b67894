import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import { resourceOf } from "../resources/registry";
import { isEnough, isTooLong } from "../resources/searching";
import { useSettled } from "../resources/useSettled";

const PAUSE_MS = 250;

/**
 * What a search finds of each noun, a moment after the last key; the list of a noun has the rest. Until it is known
 * (`isPending`) there is nothing: what an earlier text has found is not what Enter is pressed for.
 */
export function useFound(typed: string) {
  const text = typed.trim();
  const asked = useSettled(text, PAUSE_MS);
  // One Chinese character is a word, as the API has it.
  const isAsked = isEnough(text, 1, 2) && !isTooLong(text);
  const enabled = isAsked && asked === text;
  const { data, error, isLoading } = useQuery({
    queryKey: ["search", asked],
    queryFn: async ({ signal }) => (await api.GET("/v1/search", { params: { query: { q: asked } }, signal })).data!,
    enabled,
  });
  const sections = Object.entries(enabled ? (data ?? {}) : {}).flatMap(([name, section]) => {
    const resource = resourceOf(name);
    return resource && (section.items.length > 0 || section.status === "unavailable") ? [{ resource, section }] : [];
  });
  const isPending = isAsked && (!enabled || isLoading);
  return {
    error: enabled ? error : null,
    isTooLong: isTooLong(text),
    sections,
    isPending,
    isEmpty: !isPending && isAsked && !(enabled && error) && sections.length === 0,
  };
}
