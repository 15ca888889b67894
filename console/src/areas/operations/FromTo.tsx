import { Button, Form, Select, Space } from "antd";
import { useTranslation } from "react-i18next";
import { allSchemas } from "../../api/bodies";
import { useWords } from "../../resources/words";
import { type BusOfService, useServiceName } from "./useBus";

/** What a service says it listens to where any may be the publisher. */
const ANYBODY = "*";

/** Who tells, who is told, and of which types of events: of those that it listens to, nothing else is sent. */
export function FromTo({ services }: { services: BusOfService[] }) {
  const { t } = useTranslation();
  const words = useWords();
  const named = useServiceName();
  const form = Form.useFormInstance();
  const [publisher, consumer] = [Form.useWatch("publisher", form), Form.useWatch("consumer", form)];
  const label = (name: string) => words.label(name, allSchemas.Replay![name]);
  const choices = services.map(({ service }) => ({ value: service, label: named(service) }));
  const listened = services.find(({ service }) => service === consumer)?.listens ?? [];
  const told = listened.filter(({ source }) => source === publisher || source === ANYBODY);
  const types = told.map(({ type }) => ({ value: type, label: type }));
  const required = (named: string) => [{ required: true, message: t("form.required", { label: named }) }];
  const from = t("operations.publisher");
  const forget = () => form.setFieldValue("types", undefined);
  return (
    <>
      <Form.Item name="publisher" label={from} rules={required(from)}>
        <Select options={choices} onChange={forget} />
      </Form.Item>
      <Form.Item name="consumer" label={label("consumer")} rules={required(label("consumer"))}>
        <Select options={choices} onChange={forget} />
      </Form.Item>
      <Form.Item name="types" label={label("types")}>
        <Select mode="multiple" placeholder={t("operations.allTypes")} options={types} />
      </Form.Item>
    </>
  );
}

/** Sends the form, and stops what has begun by it. */
export function StartOrStop({ busy, onStop }: { busy: boolean; onStop: () => void }) {
  const { t } = useTranslation();
  return (
    <Space>
      <Button type="primary" htmlType="submit" disabled={busy}>
        {t("operations.start")}
      </Button>
      {busy && <Button onClick={onStop}>{t("operations.stop")}</Button>}
    </Space>
  );
}
