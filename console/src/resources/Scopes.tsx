import { Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { useAddress } from "./address";
import type { Resource } from "./registry";
import { useTeam } from "./team";

/** Narrowed lists that people ask for daily: all, mine, what waits for me. */
export function Scopes({ resource }: { resource: Resource }) {
  const { t } = useTranslation();
  const { values, set } = useAddress();
  const team = useTeam();
  if (!resource.scopes) return null;
  // Whoever has nobody below has no use for their records.
  const scopes = Object.keys(resource.scopes).filter((scope) => scope !== "team" || team?.length);
  return (
    <Segmented
      aria-label={t("list.scope")}
      value={values.scope ?? "all"}
      options={["all", ...scopes].map((scope) => ({ value: scope, label: t(`list.${scope}`) }))}
      onChange={(scope) => set({ scope: scope === "all" ? undefined : scope, preview: undefined })}
    />
  );
}
