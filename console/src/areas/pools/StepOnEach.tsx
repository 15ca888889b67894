import { Button, Form, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { bodyOf } from "../../api/bodies";
import type { Row } from "../../api/call";
import { FormField } from "../../resources/FormFields";
import { filledIn } from "../../resources/filledIn";
import { useRefresh } from "../../resources/queries";
import { inOrder, type Resource } from "../../resources/registry";
import { SmallTable } from "../../resources/SmallTable";
import { operationOf, type Step } from "./pooled";
import { type Outcome, useEach } from "./useEach";

type Props = { resource: Resource; step: Step; rows: Row[]; onClose: (isDone: boolean) => void };

/** Asks what a step still has to know, takes it with each of some records, and tells the outcomes. */
export function StepOnEach({ resource, step, rows, onClose }: Props) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const [form] = Form.useForm();
  const operation = operationOf(step, resource.noun);
  const { take, outcomes, isUnderWay } = useEach(resource, operation);
  const fields = bodyOf(operation);
  const action = t(`action.${operation}`);
  const isDone = outcomes.length === rows.length;
  const close = () => !isUnderWay && onClose(outcomes.length > 0);
  const begin = async (answers: object) => {
    await take(rows, filledIn(answers) as object);
    void refresh();
  };
  return (
    <Modal
      open
      title={t("pooled.window", { action, count: rows.length })}
      footer={isDone ? <Button onClick={close}>{t("together.close")}</Button> : null}
      mask={{ closable: false }}
      onCancel={close}
    >
      {isDone ? (
        <Outcomes of={outcomes} />
      ) : (
        <Form form={form} layout="vertical" disabled={isUnderWay} onFinish={begin}>
          {inOrder(fields).map((name) => (
            <FormField key={name} name={name} fields={fields} />
          ))}
          <p role="status">{isUnderWay && t("pooled.underWay", { count: outcomes.length, all: rows.length })}</p>
          <Button type="primary" danger={step === "discard"} htmlType="submit" loading={isUnderWay}>
            {action}
          </Button>
        </Form>
      )}
    </Modal>
  );
}

/** What became of each record, those that need somebody's attention first. */
function Outcomes({ of }: { of: Outcome[] }) {
  const { t } = useTranslation();
  const failed = of.filter((each) => each.refused);
  const sorted = [...failed, ...of.filter((each) => !each.refused)];
  return (
    <>
      <p role="status">{t("together.summary", { count: of.length - failed.length, failed: failed.length })}</p>
      <SmallTable
        label={t("pooled.results")}
        columns={[
          { name: "title", label: t("pooled.what") },
          { name: "refused", label: t("together.became") },
        ]}
        rows={sorted}
        cell={(row, name) => (name === "title" ? String(row.title) : String(row.refused || t("pooled.done")))}
      />
    </>
  );
}
