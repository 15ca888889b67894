import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isNarrowed, useAddress, withoutFilters } from "./address";
import type { Resource } from "./registry";

/** What an empty list says: that nothing matches, or what the next step is. */
export function Nothing({ resource, create }: { resource: Resource; create: ReactNode }) {
  const { t } = useTranslation();
  const { values, set } = useAddress();
  return isNarrowed(resource, values) ? (
    <div className="notice">
      <p>{t("list.noMatch")}</p>
      <Button onClick={() => set(withoutFilters(values))}>{t("list.clear")}</Button>
    </div>
  ) : (
    <div className="notice">
      <p>{t(`empty.${resource.name}`)}</p>
      {create}
    </div>
  );
}
