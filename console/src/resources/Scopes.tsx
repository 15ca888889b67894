import { Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { isOfTeam, scopeIn, useAddress } from "./address";
import { Fetched } from "./Failure";
import type { Resource } from "./registry";
import { useMayHaveTeam, useTeam } from "./team";

/** Narrowed lists that people ask for daily: all, mine, what waits for me. */
export function Scopes({ resource }: { resource: Resource }) {
  const { t } = useTranslation();
  const { values, narrow } = useAddress();
  const mayHaveTeam = useMayHaveTeam();
  const team = useTeam(isOfTeam(resource, values));
  if (!resource.scopes) return null;
  const narrowed = Object.keys(resource.scopes).filter((scope) => mayHaveTeam || !isOfTeam(resource, { scope }));
  const { opens } = resource;
  const scopes = opens ? [...narrowed, "all"] : ["all", ...narrowed];
  return (
    <>
      <Segmented
        aria-label={t("list.scope")}
        value={scopeIn(resource, values)}
        options={scopes.map((scope) => ({ value: scope, label: t(`list.${scope}`) }))}
        onChange={(scope) => narrow({ scope: scope === (opens ?? "all") ? undefined : scope })}
      />
      <Fetched of={team} />
      {team.data?.isCut && <span role="status">{t("list.teamCut", { count: team.data.ids.length })}</span>}
    </>
  );
}
