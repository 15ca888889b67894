import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Form } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { bodyOf } from "../api/bodies";
import { call, type Row } from "../api/call";
import { type OperationName, operations } from "../api/meta";
import { useMe } from "../api/permissions";
import { mayPass, Problem } from "../api/problem";
import { draftOf, dropDraft, keepDraft, keyAfter } from "./drafts";
import { FormField } from "./FormFields";
import { useRefresh } from "./queries";
import { faultsIn } from "./refusals";
import { inOrder } from "./registry";

type Props = {
  operation: OperationName;
  /** What the draft is kept under: another one for each record that the form is about. */
  draft: string;
  /** What is asked first; the rest stands behind a fold. By itself everything is asked at once. */
  first?: string[];
  starts?: Record<string, unknown>;
  path?: Record<string, string> | string;
  version?: number;
  submit: string;
  onDone: (answer: Row) => void;
};

/** The form of an operation's body. It keeps its draft until the server has said yes. */
export function OperationForm({ operation, draft: about, first, starts, path, version, submit, onDone }: Props) {
  const { t } = useTranslation();
  const [form] = Form.useForm();
  const refresh = useRefresh();
  const fields = bodyOf(operation);
  // Who signs in next in this tab is not to find what somebody else has typed.
  const name = `${useMe().data?.id}.${about}`;
  const draft = useRef(draftOf(name));
  const [unfolded, setUnfolded] = useState(false);
  const [above, setAbove] = useState<string[]>([]);
  const all = inOrder(fields).filter((field) => !(typeof path === "object" && field in path));
  const shown = (first ?? all).filter((field) => all.includes(field));
  const rest = all.filter((field) => !shown.includes(field));
  const keep = (kept = draft.current) => {
    draft.current = { ...kept, values: form.getFieldsValue(true) };
    keepDraft(name, draft.current);
  };
  const deed = useMutation({
    mutationFn: (body: object) =>
      call(operation, {
        path,
        body,
        version,
        key: operations[operation].method === "post" ? draft.current.key : undefined,
      }),
    onSuccess: (answer) => {
      dropDraft(name);
      onDone(answer);
    },
    onError: (error) => {
      keep(keyAfter(draft.current, !mayPass(error)));
      const problem = error instanceof Problem ? error : new Problem(0, {});
      const faults = faultsIn(problem, all);
      form.setFields(faults.fields);
      setUnfolded((open) => open || faults.fields.some((each) => rest.includes(String(each.name[0]))));
      const silent = problem.status === 0 ? t("form.unreachable") : problem.message;
      const stale = problem.status === 412;
      // The next try is for the record as it is then, which its page shows by that time.
      if (stale) void refresh();
      setAbove(faults.fields.length && !faults.rest.length ? [] : [stale ? t("record.stale") : silent, ...faults.rest]);
      if (faults.fields[0]) form.scrollToField(faults.fields[0].name, { block: "center" });
    },
  });
  return (
    <Form
      form={form}
      layout="vertical"
      scrollToFirstError
      initialValues={{ ...starts, ...draft.current.values }}
      onValuesChange={() => keep()}
      onFinish={(values) => {
        setAbove([]);
        if (!deed.isPending) deed.mutate(filledIn(values) as object);
      }}
    >
      <div aria-live="assertive">
        {above.length > 0 && <Alert type="error" showIcon title={above[0]} description={above.slice(1).join(" ")} />}
      </div>
      {shown.map((field, index) => (
        <FormField key={field} name={field} fields={fields} autoFocus={index === 0} />
      ))}
      {rest.length > 0 && (
        <details open={unfolded} onToggle={(event) => setUnfolded(event.currentTarget.open)}>
          <summary>{t("form.rest")}</summary>
          {rest.map((field) => (
            <FormField key={field} name={field} fields={fields} />
          ))}
        </details>
      )}
      <Button type="primary" htmlType="submit" loading={deed.isPending}>
        {submit}
      </Button>
    </Form>
  );
}

/** What was filled in: an empty input says nothing, and the server then takes what it takes by itself. */
export function filledIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filledIn);
  if (value === null || typeof value !== "object") return typeof value === "string" ? value.trim() : value;
  const told = Object.entries(value).map(([key, each]) => [key, filledIn(each)] as const);
  return Object.fromEntries(told.filter(([, each]) => each != null && each !== "" && !isEmptyList(each)));
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;
