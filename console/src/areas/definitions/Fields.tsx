import { PlusOutlined } from "@ant-design/icons";
import { Button, Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Setting, useSettings } from "../../api/fields";
import { schemas } from "../../api/meta";
import { useAllowed } from "../../api/permissions";
import { useAddress } from "../../resources/address";
import { Fetched } from "../../resources/Failure";
import { type Resource, resources } from "../../resources/registry";
import { useFields } from "../../resources/useFields";
import { Waiting } from "../../resources/Waiting";
import { FieldForm } from "./FieldForm";
import { FieldTable } from "./FieldTable";
import { FormPreview } from "./FormPreview";
import "./fields.css";

/** The nouns whose records take fields that are set at run time. */
export const takers = () => resources().filter((each) => "custom" in (schemas[each.schema] ?? {}));

/** Which fields the records of a noun have, and how its form then looks. */
export function Component() {
  const { t } = useTranslation();
  const { values, set } = useAddress();
  const settings = useFields();
  const nouns = takers();
  const resource = nouns.find((each) => each.noun === values.noun) ?? nouns[0]!;
  return (
    <>
      <div className="toolbar">
        <h1>{t("nav.fields")}</h1>
        <Segmented
          aria-label={t("fields.noun")}
          value={resource.noun}
          options={nouns.map((each) => ({ value: each.noun, label: t(`nav.${each.name}`) }))}
          onChange={(noun) => set({ noun })}
        />
      </div>
      <p>{t("fields.hint")}</p>
      <Fetched of={settings} />
      {settings.isLoading && <Waiting />}
      {settings.data && <Kept key={resource.noun} resource={resource} />}
    </>
  );
}

function Kept({ resource }: { resource: Resource }) {
  const { t } = useTranslation();
  const allowed = useAllowed();
  const may = allowed("create_field");
  const [asked, setAsked] = useState<Setting | "new">();
  const all = useSettings().get(resource.noun) ?? [];
  const own = all.filter((each) => !each.standard);
  const standard = all.filter((each) => each.standard);
  return (
    <div className="fields-page">
      <div>
        <div className="toolbar">
          <h2>{t("fields.own")}</h2>
          <span className="grow" />
          {may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setAsked("new")}>
              {t("fields.new")}
            </Button>
          )}
        </div>
        {own.length === 0 ? (
          <p className="nothing">{t("fields.none")}</p>
        ) : (
          <FieldTable label={t("fields.own")} settings={own} may={may} onEdit={setAsked} />
        )}
        <h2>{t("fields.standard")}</h2>
        <p className="nothing">{t("fields.standardHint")}</p>
        <FieldTable label={t("fields.standard")} settings={standard} may={may} />
      </div>
      <FormPreview resource={resource} />
      {asked && (
        <FieldForm
          resource={resource}
          setting={asked === "new" ? undefined : asked}
          onClose={() => setAsked(undefined)}
        />
      )}
    </div>
  );
}
