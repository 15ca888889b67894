import { Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { useAddress } from "./address";
import type { Resource } from "./registry";

/** Narrowed lists that people ask for daily: all, mine, what waits for me. */
export function Scopes({ resource }: { resource: Resource }) {
  const { t } = useTranslation();
  const { values, set } = useAddress();
  if (!resource.scopes) return null;
  return (
    <Segmented
      aria-label={t("list.scope")}
      value={values.scope ?? "all"}
      options={["all", ...Object.keys(resource.scopes)].map((scope) => ({ value: scope, label: t(`list.${scope}`) }))}
      onChange={(scope) => set({ scope: scope === "all" ? undefined : scope, preview: undefined })}
    />
  );
}
