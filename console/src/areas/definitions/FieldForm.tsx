import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Alert, Button, Checkbox, Form, Input, Modal, Select } from "antd";
import { useTranslation } from "react-i18next";
import { fieldOf, type Option, type Setting } from "../../api/fields";
import { FormField } from "../../resources/FormFields";
import { type Resource, resources } from "../../resources/registry";
import { useSending } from "../../resources/useSending";

const TYPES = [
  "text",
  "long_text",
  "number",
  "money",
  "date",
  "time",
  "choice",
  "choices",
  "flag",
  "person",
  "reference",
];
const CHOSEN = ["choice", "choices"];
const MARKS = ["required", "common", "indexed"] as const;
const ASKED = ["label", "key", "type", "options", "currency", "reference", "remark", ...MARKS];

type Props = { resource: Resource; setting?: Setting; onClose: () => void };
type Values = Partial<Setting>;

/** A new field, or what may be changed of one that there is. */
export function FieldForm({ resource, setting, onClose }: Props) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const { send, above, isPending } = useSending({
    operation: setting ? "update_field" : "create_field",
    about: `fields ${resource.noun} ${setting?.id ?? "new"}`,
    form,
    asked: ASKED,
    path: setting?.id,
    version: setting?.version,
    onDone: (_, isShown) => isShown && onClose(),
    onRefused: () => undefined,
  });
  const values = Form.useWatch([], form) as Values | undefined;
  const type = setting?.type ?? values?.type ?? "text";
  const needed = [{ required: true, whitespace: true, message: t("fields.needed") }];
  const finish = ({ options, remark, ...said }: Values) =>
    send({
      ...said,
      remark: remark || null,
      ...(CHOSEN.includes(type) && { options: options?.map((each) => ({ ...each, active: each.active ?? true })) }),
      ...(!setting && { noun: resource.noun }),
    });
  return (
    <Modal open onCancel={onClose} footer={null} title={t(setting ? "fields.change" : "fields.new")}>
      <Form
        form={form}
        name="field"
        layout="vertical"
        initialValues={setting ?? { type: "text", required: false, common: true, indexed: false }}
        onFinish={finish}
      >
        <div aria-live="assertive">
          {above.length > 0 && <Alert type="error" showIcon title={above[0]} description={above.slice(1).join(" ")} />}
        </div>
        <Form.Item name={["label", "zh"]} label={t("fields.zh")} rules={needed}>
          <Input autoFocus maxLength={50} />
        </Form.Item>
        <Form.Item name={["label", "en"]} label={t("fields.en")} rules={needed}>
          <Input maxLength={50} />
        </Form.Item>
        {!setting && (
          <>
            <Form.Item name="key" label={t("fields.key")} extra={t("fields.keyHint")} rules={needed}>
              <Input maxLength={30} />
            </Form.Item>
            <Form.Item name="type" label={t("fields.type")} extra={t("fields.typeHint")}>
              <Select options={TYPES.map((value) => ({ value, label: t(`fields.types.${value}`) }))} />
            </Form.Item>
            {type === "reference" && (
              <Form.Item name="reference" label={t("fields.reference")} rules={needed}>
                <Select options={resources().map(({ noun, name }) => ({ value: noun, label: t(`nav.${name}`) }))} />
              </Form.Item>
            )}
          </>
        )}
        {CHOSEN.includes(type) && <Options />}
        {MARKS.filter((mark) => mark !== "indexed" || type !== "long_text").map((mark) => (
          <Form.Item key={mark} name={mark} valuePropName="checked" extra={t(`fields.${mark}Hint`)}>
            <Checkbox>{t(`fields.${mark}`)}</Checkbox>
          </Form.Item>
        ))}
        <Form.Item name="remark" label={t("fields.remark")}>
          <Input.TextArea maxLength={500} autoSize={{ minRows: 2, maxRows: 6 }} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={isPending}>
          {t("fields.save")}
        </Button>
      </Form>
      <OnePreview of={{ ...setting, ...values, type } as Setting} />
    </Modal>
  );
}

/** What may be chosen, a row each. */
function Options() {
  const { t } = useTranslation();
  return (
    <fieldset className="parts-field">
      <legend>{t("fields.options")}</legend>
      <Form.List name="options">
        {(rows, { add, remove }) => (
          <>
            {rows.map((row, index) => {
              const called = (what: string) => t("fields.ofOption", { what: t(`fields.${what}`), count: index + 1 });
              const needed = [{ required: true, whitespace: true, message: t("fields.needed") }];
              const ask = (at: (string | number)[], what: string) => (
                <Form.Item name={[row.name, ...at]} rules={needed}>
                  <Input aria-label={called(what)} placeholder={t(`fields.${what}`)} maxLength={50} />
                </Form.Item>
              );
              return (
                <div className="option" key={row.key}>
                  {ask(["code"], "code")}
                  {ask(["label", "zh"], "zh")}
                  {ask(["label", "en"], "en")}
                  <Button
                    type="text"
                    icon={<DeleteOutlined />}
                    aria-label={called("removeOption")}
                    onClick={() => remove(row.name)}
                  />
                </div>
              );
            })}
            <Button type="dashed" block icon={<PlusOutlined />} onClick={() => add({})}>
              {t("fields.addOption")}
            </Button>
          </>
        )}
      </Form.List>
    </fieldset>
  );
}

const isWhole = (option?: Partial<Option>) => Boolean(option?.code && option.label?.zh && option.label.en);

/** The field as its form will ask for it, while one is at it. */
function OnePreview({ of }: { of: Setting }) {
  const { t } = useTranslation();
  const label = { zh: of.label?.zh || "…", en: of.label?.en || "…" };
  const options = (of.options ?? []).filter(isWhole).map((each) => ({ ...each, active: each.active ?? true }));
  const field = fieldOf({ ...of, label, options, position: of.position ?? 0 });
  return (
    <section className="form-preview" aria-label={t("fields.preview")}>
      <h2>{t("fields.preview")}</h2>
      <Form name="one" layout="vertical" component="div" key={`${of.type} ${of.reference}`}>
        <FormField name="preview" fields={{ preview: field }} />
      </Form>
    </section>
  );
}
