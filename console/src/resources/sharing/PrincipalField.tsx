import { Form, Select } from "antd";
import { allSchemas } from "../../api/bodies";
import type { Field } from "../../api/meta";
import { ReferenceSelect } from "../ReferenceSelect";
import type { Resource } from "../registry";
import { useRules } from "../rules";
import { useWords } from "../words";
import { resourceOfKind, useKinds } from "./principals";

type Props = { name: string; field: Field };

/** Whom something is given to: of which kind, and then the one that is found by its name. */
export function PrincipalField({ name, field }: Props) {
  const words = useWords();
  const form = Form.useFormInstance();
  const kinds = useKinds();
  const fields = allSchemas[field.schema!]!;
  const watched = Form.useWatch([name, "kind"], form);
  const kind: string | undefined = watched ?? form.getFieldValue([name, "kind"]);
  const resource = resourceOfKind(kind);
  const label = words.label("kind", fields.kind);
  const rules = useRules("choice", fields.kind!, label);
  return (
    <fieldset className="parts-field principal" aria-label={words.label(name, field)}>
      <Form.Item name={[name, "kind"]} label={label} rules={rules}>
        <Select
          options={kinds.map((value) => ({ value, label: words.value(value, fields.kind) }))}
          onChange={() => form.setFieldValue([name, "id"], undefined)}
        />
      </Form.Item>
      {resource && <Who key={kind} at={[name, "id"]} field={fields.id!} resource={resource} kind={kind!} />}
    </fieldset>
  );
}

type WhoProps = { at: string[]; field: Field; resource: Resource; kind: string };

function Who({ at, field, resource, kind }: WhoProps) {
  const words = useWords();
  const label = words.value(kind, allSchemas.NewPrincipal!.kind);
  const rules = useRules("reference", { ...field, required: true }, label);
  return (
    <Form.Item name={at} label={label} rules={rules} preserve={false}>
      <ReferenceSelect resource={resource} />
    </Form.Item>
  );
}
