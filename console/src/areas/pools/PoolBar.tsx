import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useAllowed } from "../../api/permissions";
import { scopeIn, useAddress } from "../../resources/address";
import { ReferenceSelect } from "../../resources/ReferenceSelect";
import { isId } from "../../resources/reading";
import { type Resource, resourceOf } from "../../resources/registry";
import { operationOf, POOL } from "./pooled";

const OF_POOL = "filter[pool_id]";

/** On the page of pools the choice of one of them; on the list of one's own what leads there. */
export default function PoolBar({ resource }: { resource: Resource }) {
  const { t } = useTranslation();
  const { values, narrow } = useAddress();
  const allowed = useAllowed();
  if (!allowed("list_pools") || !allowed(operationOf("claim", resource.noun))) return null;
  if (scopeIn(resource, values) !== POOL)
    return <Button onClick={() => narrow({ scope: POOL })}>{t(`action.claim_${resource.noun}`)}</Button>;
  return (
    <span className="pool-picker">
      <ReferenceSelect
        aria-label={t("list.pools")}
        resource={resourceOf("pools")!}
        besides={[{ value: "", label: t("list.allPools") }]}
        value={values[OF_POOL] ?? ""}
        onChange={(chosen) => narrow({ [OF_POOL]: isId(chosen ?? "") ? chosen : undefined })}
      />
    </span>
  );
}
