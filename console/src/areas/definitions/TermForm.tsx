import { Alert, Button, Form, Input, Modal } from "antd";
import { useTranslation } from "react-i18next";
import type { Term } from "../../resources/terms";
import { useSending } from "../../resources/useSending";
import { said } from "../../resources/words";

type Props = { dictionary: string; version: number; term?: Term; onClose: () => void };

/** A new term, or another name for one that there is. */
export function TermForm({ dictionary, version, term, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const [form] = Form.useForm();
  const { send, above, isPending } = useSending({
    operation: term ? "update_term" : "create_term",
    about: `terms ${dictionary} ${term?.id ?? "new"}`,
    form,
    asked: ["label", "code", "remark"],
    path: term ? { key: dictionary, term_id: term.id } : dictionary,
    version,
    onDone: (_, isShown) => isShown && onClose(),
    onRefused: () => undefined,
  });
  const rules = [{ required: true, whitespace: true, message: "" }];
  return (
    <Modal
      open
      onCancel={onClose}
      footer={null}
      title={
        term ? t("dictionaries.editNamed", { name: said(i18n.language, term.label, term.code) }) : t("dictionaries.new")
      }
    >
      <Form
        form={form}
        name="term"
        layout="vertical"
        initialValues={term && { label: term.label, remark: term.remark ?? undefined }}
        onFinish={(values) =>
          send({ ...values, remark: values.remark || null, ...(!term && { code: values.code || undefined }) })
        }
      >
        <div aria-live="assertive">
          {above.length > 0 && <Alert type="error" showIcon title={above[0]} description={above.slice(1).join(" ")} />}
        </div>
        <Form.Item name={["label", "zh"]} label={t("dictionaries.zh")} rules={rules}>
          <Input autoFocus maxLength={50} />
        </Form.Item>
        <Form.Item name={["label", "en"]} label={t("dictionaries.en")} rules={rules}>
          <Input maxLength={50} />
        </Form.Item>
        {!term && (
          <Form.Item name="code" label={t("dictionaries.code")} extra={t("dictionaries.codeHint")}>
            <Input maxLength={100} />
          </Form.Item>
        )}
        <Form.Item name="remark" label={t("dictionaries.remark")}>
          <Input.TextArea maxLength={500} autoSize={{ minRows: 2, maxRows: 6 }} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={isPending}>
          {t("dictionaries.save")}
        </Button>
      </Form>
    </Modal>
  );
}
