import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { call } from "../api/call";
import { type Setting, setSettings } from "../api/fields";

/** How fields are set now, for all that shows them; an event of a change has it read anew. */
export function useFields() {
  const settings = useQuery({
    queryKey: ["fields", "all"],
    queryFn: async ({ signal }) => (await call<{ items: Setting[] }>("list_fields", { signal })).items,
    staleTime: 60_000,
  });
  const { data } = settings;
  useEffect(() => {
    if (data) setSettings(data);
  }, [data]);
  return settings;
}
