import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "../api/client";
import { resourceOf } from "../resources/registry";
import { useSettled } from "../resources/useSettled";

const FEWEST = 2;
const PAUSE_MS = 250;

/** What a search finds of each noun, a moment after the last key; the list of a noun has the rest. */
export function useFound(text: string) {
  const asked = useSettled(text.trim(), PAUSE_MS);
  const enabled = asked.length >= FEWEST;
  const { data, error, isSuccess } = useQuery({
    queryKey: ["search", asked],
    queryFn: async ({ signal }) => (await api.GET("/v1/search", { params: { query: { q: asked } }, signal })).data!,
    enabled,
    placeholderData: keepPreviousData,
  });
  const sections = Object.entries(enabled ? (data ?? {}) : {}).flatMap(([name, section]) => {
    const resource = resourceOf(name);
    return resource && (section.items.length > 0 || section.status === "unavailable") ? [{ resource, section }] : [];
  });
  return { error, sections, isEmpty: enabled && isSuccess && sections.length === 0 };
}
