import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";

const AGAIN_MS = 10_000;

/** What each service says of its part of the bus. Who only wants to know which services there are asks once. */
export function useBus(live = false) {
  return useQuery({
    queryKey: ["bus", "state"],
    queryFn: async ({ signal }) => (await api.GET("/v1/bus", { signal })).data!.services,
    ...(live ? { refetchInterval: AGAIN_MS } : { staleTime: Number.POSITIVE_INFINITY }),
  });
}

export type BusOfService = NonNullable<ReturnType<typeof useBus>["data"]>[number];

/** What a service is called. */
export function useServiceName() {
  const { t } = useTranslation();
  return (name: unknown) => t(`process.service.${name}`, { defaultValue: String(name) });
}
