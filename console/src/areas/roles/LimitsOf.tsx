import { Alert, Button, Select, Space } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { useMay } from "../../api/permissions";
import { Awaited } from "../../resources/Awaited";
import ConditionText from "../../resources/conditions/ConditionText";
import type { Tree } from "../../resources/conditions/tree";
import { type Grants, useCalled } from "../../resources/permissions/catalogue";
import { roles } from "../admin";
import { LimitDrawer } from "./LimitDrawer";
import { limitable } from "./limits";
import { useLimits } from "./useLimits";

/** For which kinds of records a role's permissions are held, where not for all (CU-20). */
export default function LimitsOf({ row, fixed }: { row: Row; fixed?: boolean }) {
  const { t } = useTranslation();
  const may = useMay();
  const { whole } = useCalled();
  const { limits, refusal, saving, put } = useLimits(row);
  const [edited, setEdited] = useState<string>();
  const free = limitable(row.permissions as Grants).filter((permission) => !(permission in limits));
  const changes = !fixed && may(row, roles.update);
  if (!changes && Object.keys(limits).length === 0) return null;
  return (
    <section className="apart" aria-labelledby="limits">
      <h2 id="limits">{t("permissions.limits.title")}</h2>
      <p>{t("permissions.limits.hint")}</p>
      {refusal && <Alert type="error" showIcon title={refusal} />}
      <dl>
        {Object.entries(limits).map(([permission, where]) => (
          <div key={permission}>
            <dt>{whole(permission)}</dt>
            <dd>
              <ConditionText value={where} row={{ subject_type: permission.split(".")[0] }} />
              {changes && (
                <Space>
                  <Button onClick={() => setEdited(permission)}>{t("permissions.limits.edit")}</Button>
                  <Button loading={saving} onClick={() => put(permission, undefined)}>
                    {t("permissions.limits.remove")}
                  </Button>
                </Space>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {changes && free.length > 0 && (
        <Select
          aria-label={t("permissions.limits.add")}
          placeholder={t("permissions.limits.add")}
          value={null}
          options={free.map((value) => ({ value, label: whole(value) }))}
          popupMatchSelectWidth={false}
          onChange={(permission: string | null) => setEdited(permission ?? undefined)}
        />
      )}
      {edited && (
        <Awaited onClose={() => setEdited(undefined)}>
          <LimitDrawer
            row={row}
            permission={edited}
            value={limits[edited]}
            saving={saving}
            onSave={(where: Tree) => put(edited, where, () => setEdited(undefined))}
            onClose={() => setEdited(undefined)}
          />
        </Awaited>
      )}
    </section>
  );
}
