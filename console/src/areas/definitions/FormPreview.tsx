import { Form } from "antd";
import { useTranslation } from "react-i18next";
import { bodyOf } from "../../api/bodies";
import { firstOf, useSettings } from "../../api/fields";
import { FormField } from "../../resources/FormFields";
import { inOrder, type Resource } from "../../resources/registry";

/** The form of a new record as people see it now; nothing that is typed here goes anywhere. */
export function FormPreview({ resource }: { resource: Resource }) {
  const { t } = useTranslation();
  useSettings();
  const fields = bodyOf(resource.create!);
  const all = inOrder(fields);
  const first = (firstOf(resource.noun, resource.form) ?? all).filter((name) => all.includes(name));
  const rest = all.filter((name) => !first.includes(name));
  return (
    <aside className="form-preview" aria-label={t("fields.preview")}>
      <h2>{t("fields.preview")}</h2>
      <Form name="preview" layout="vertical" component="div">
        {first.map((name) => (
          <FormField key={name} name={name} fields={fields} />
        ))}
        <details>
          <summary>{t("form.rest")}</summary>
          {rest.map((name) => (
            <FormField key={name} name={name} fields={fields} />
          ))}
        </details>
      </Form>
    </aside>
  );
}
