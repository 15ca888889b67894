import { Alert, Button, Space } from "antd";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { useMay } from "../../api/permissions";
import { Changes } from "../../resources/permissions/Changes";
import type { Grants } from "../../resources/permissions/catalogue";
import { changesBetween } from "../../resources/permissions/changes";
import { Matrix } from "../../resources/permissions/Matrix";
import { changeOf } from "../../resources/preview/changes";
import { PreviewButton } from "../../resources/preview/PreviewButton";
import type { Resource } from "../../resources/registry";
import { useGrants } from "./useGrants";

type Props = { resource: Resource; row: Row; forProgram?: boolean; fixed?: boolean };

/** What a record allows whoever has it; whoever may change it sees what is gained and lost before it is saved. */
export function GrantsOf({ resource, row, forProgram, fixed }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const { work, refusal, saving, begin, change, leave, save } = useGrants(resource, row);
  return (
    <section className="apart" aria-labelledby="permissions">
      <div className="toolbar">
        <h2 id="permissions">{t("permissions.title")}</h2>
        {!work && !fixed && may(row, resource.update) && <Button onClick={begin}>{t("permissions.edit")}</Button>}
      </div>
      {fixed && <Alert type="info" showIcon title={t("permissions.administrator")} />}
      <Matrix value={work?.mine ?? (row.permissions as Grants)} onChange={work && change} forProgram={forProgram} />
      {work && (
        <div className="sticky-foot">
          {work.before && (
            <Alert
              type="warning"
              showIcon
              title={t("permissions.theirs")}
              description={
                <>
                  <Changes before={work.before} after={work.began} />
                  {t("permissions.rebased")}
                </>
              }
            />
          )}
          {refusal && <Alert type="error" showIcon title={refusal} />}
          <div aria-live="polite">
            <Changes before={work.began} after={work.mine} />
          </div>
          <Space>
            <Button
              type="primary"
              loading={saving}
              disabled={changesBetween(work.began, work.mine).length === 0}
              onClick={save}
            >
              {t("permissions.save")}
            </Button>
            {resource.noun === "role" && (
              <PreviewButton
                change={() => changeOf(resource, row.id, { permissions: work.mine })}
                disabled={changesBetween(work.began, work.mine).length === 0}
              />
            )}
            <Button onClick={leave}>{t("form.cancel")}</Button>
          </Space>
        </div>
      )}
    </section>
  );
}
