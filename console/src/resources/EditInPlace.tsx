import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Form, Space } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { allSchemas, bodyOf } from "../api/bodies";
import { call, type Row } from "../api/call";
import type { Field } from "../api/meta";
import { Problem } from "../api/problem";
import { Conflict } from "./Conflict";
import { FormField } from "./FormFields";
import { filledIn } from "./OperationForm";
import { useRefresh } from "./queries";
import { faultsIn } from "./refusals";
import type { Resource } from "./registry";

/** Of the parts of a record only what a body takes: their ids and sums are the server's. */
function asAsked(value: unknown, field: Field): unknown {
  const taken = allSchemas[field.items?.schema ?? ""];
  if (!taken || !Array.isArray(value)) return value;
  return value.map((part) => filledIn(Object.fromEntries(Object.entries(part).filter(([key]) => key in taken))));
}

type Props = { resource: Resource; row: Row; name: string; onClose: () => void };

/** One field of a record, changed where it stands: Enter saves, Escape leaves it as it was. */
export default function EditInPlace({ resource, row, name, onClose }: Props) {
  const { t } = useTranslation();
  const [form] = Form.useForm();
  const refresh = useRefresh();
  const fields = bodyOf(resource.update!);
  // The version that the person saw when beginning: what is read anew meanwhile must not be overwritten unseen.
  const began = useRef(row).current;
  const [theirs, setTheirs] = useState<Row>();
  const [refusal, setRefusal] = useState<string>();
  const look = useMutation({
    mutationFn: () => call(resource.get!, { path: row.id }),
    onSuccess: setTheirs,
    onError: (error) => setRefusal(error.message || t("form.unreachable")),
  });
  const save = useMutation({
    mutationFn: ({ body, version }: { body: object; version?: number }) =>
      call(resource.update!, { path: row.id, body, version }),
    onSuccess: (saved) => {
      void refresh(resource, saved);
      onClose();
    },
    onError: (error) => {
      const problem = error instanceof Problem ? error : new Problem(0, {});
      if (problem.status === 412) return look.mutate();
      const faults = faultsIn(problem, [name]);
      form.setFields(faults.fields);
      if (!faults.fields.length) setRefusal(problem.status ? problem.message : t("form.unreachable"));
    },
  });
  const body = () => {
    const value = asAsked(form.getFieldValue(name), fields[name]!);
    const blank = value === undefined || (typeof value === "string" && value.trim() === "");
    return { [name]: blank ? (fields[name]!.nullable ? null : "") : value };
  };
  return (
    <Form
      form={form}
      className="in-place"
      initialValues={{ [name]: row[name] }}
      onFinish={() => !save.isPending && save.mutate({ body: body(), version: began.version })}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <FormField name={name} fields={fields} autoFocus />
      {refusal && <Alert type="error" showIcon title={refusal} />}
      <Space>
        <Button type="primary" size="small" htmlType="submit" loading={save.isPending}>
          {t("form.save")}
        </Button>
        <Button size="small" onClick={onClose}>
          {t("form.cancel")}
        </Button>
      </Space>
      {theirs && (
        <Conflict
          resource={resource}
          began={began}
          theirs={theirs}
          mine={body()}
          onMine={() => save.mutate({ body: body(), version: theirs.version })}
          onTheirs={() => {
            void refresh(resource, theirs);
            onClose();
          }}
        />
      )}
    </Form>
  );
}
