import { ArrowUpOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Form, Switch } from "antd";
import { Suspense, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { allSchemas } from "../api/bodies";
import type { Field, Fields } from "../api/meta";
import { useChoices } from "./choices";
import { FieldInput } from "./inputs";
import { isAsked, kindOf } from "./kinds";
import { askedOf, drawnOf, inOrder, neededOf } from "./registry";
import { checkedOn, useRules } from "./rules";
import { PrincipalField } from "./sharing/PrincipalField";
import { useWords } from "./words";

type Place = (string | number)[];
type Props = { name: string; fields: Fields; at?: Place; autoFocus?: boolean; inLine?: boolean };

/** One question of a form. */
export function FormField({ name, fields, at = [name], autoFocus, inLine }: Props) {
  const words = useWords();
  const field = fields[name]!;
  const kind = kindOf(name, field, fields);
  const choices = useChoices(name);
  const label = words.label(name, field);
  const rules = useRules(kind, field, label);
  if (!isAsked(kind, field)) return null;
  if (field.schema === "NewPrincipal") return <PrincipalField name={name} field={field} />;
  if (kind === "part") return <PartField name={name} field={field} />;
  if (kind === "parts") return <PartsField name={name} field={field} at={at} />;
  return (
    <Form.Item
      name={at}
      label={label}
      rules={rules}
      validateTrigger={checkedOn(kind)}
      // What is not asked any more is not answered either.
      preserve={at.length > 1 ? false : undefined}
      initialValue={typeof at[0] === "number" ? undefined : field.default}
      {...(kind === "flag" && { valuePropName: "checked" })}
    >
      <FieldInput
        choices={choices}
        kind={kind}
        field={field}
        autoFocus={autoFocus}
        placeholder={inLine ? label : undefined}
      />
    </Form.Item>
  );
}

/** A part that may be there or not: once it is wanted, the fields of its schema are asked for. */
function PartField({ name, field }: { name: string; field: Field }) {
  const form = Form.useFormInstance();
  const words = useWords();
  const id = useId();
  const [wanted, setWanted] = useState(() => form.getFieldValue(name) != null);
  const fields = allSchemas[field.schema!]!;
  const want = (yes: boolean) => {
    setWanted(yes);
    if (!yes) form.setFieldValue(name, undefined);
  };
  return (
    <fieldset className="parts-field">
      <legend>
        <label htmlFor={id}>{words.label(name, field)}</label> <Switch id={id} checked={wanted} onChange={want} />
      </legend>
      {wanted && (
        <div className="part">
          {inOrder(fields).map((part) => (
            <FormField key={part} name={part} fields={fields} at={[name, part]} />
          ))}
        </div>
      )}
    </fieldset>
  );
}

/** The questions about one part in a row: which, may follow from what was answered so far. */
function PartFields({ schema, list, row }: { schema: string; list: Place; row: number }) {
  const fields = allSchemas[schema]!;
  const answers = Form.useWatch<Record<string, unknown> | undefined>([...list, row]);
  const asked = askedOf(schema, answers ?? {}, row);
  const needed = neededOf(schema, answers ?? {}, row).map((part) => [part, { ...fields[part], required: true }]);
  const fitting = { ...fields, ...Object.fromEntries(needed) };
  return inOrder(fields)
    .filter((part) => asked?.includes(part) ?? true)
    .map((part) => <FormField key={part} name={part} fields={fitting} at={[row, part]} />);
}

/** How the parts that are filled in look together, where there is a picture of them. */
function PartsDrawn({ schema, at }: { schema?: string; at: Place }) {
  const rows = Form.useWatch<(Record<string, unknown> | undefined)[] | undefined>(at);
  const Drawn = drawnOf(schema);
  return (
    Drawn &&
    rows &&
    rows.length > 0 && (
      <Suspense>
        <Drawn rows={rows.map((each) => each ?? {})} />
      </Suspense>
    )
  );
}

/** Rows of parts, such as lines or payments, each with the questions of its own schema. */
function PartsField({ name, field, at }: { name: string; field: Field; at: Place }) {
  const { t } = useTranslation();
  const words = useWords();
  const label = words.label(name, field);
  return (
    <fieldset className="parts-field">
      <legend>{label}</legend>
      <Form.List name={at}>
        {(rows, { add, remove, move }) => (
          <>
            {rows.map((row, index) => (
              <fieldset className="part" key={row.key} aria-label={`${label} ${index + 1}`}>
                <PartFields schema={field.items!.schema!} list={at} row={row.name} />
                {index > 0 && (
                  <Button
                    type="text"
                    icon={<ArrowUpOutlined />}
                    aria-label={t("form.moveUp", { label, count: index + 1 })}
                    onClick={() => move(index, index - 1)}
                  />
                )}
                <Button
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={t("form.removeRow", { label, count: index + 1 })}
                  onClick={() => remove(row.name)}
                />
              </fieldset>
            ))}
            <Button type="dashed" block icon={<PlusOutlined />} onClick={() => add({})}>
              {t("form.addRow", { label })}
            </Button>
            <PartsDrawn schema={field.items!.schema} at={at} />
          </>
        )}
      </Form.List>
    </fieldset>
  );
}
