import { Alert, Button, Form, Space } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { bodyOf } from "../api/bodies";
import type { Row } from "../api/call";
import { Conflict } from "./Conflict";
import { FormField } from "./FormFields";
import { changeOf, isDeciding } from "./preview/changes";
import { PreviewButton } from "./preview/PreviewButton";
import { forgetFaults } from "./refusals";
import type { Resource } from "./registry";
import { leaves } from "./typing";
import { useChange } from "./useChange";

type Props = { resource: Resource; row: Row; name: string; onClose: () => void };

/** One field of a record, changed where it stands: Enter saves, Escape leaves it as it was. */
export default function EditInPlace({ resource, row, name, onClose }: Props) {
  const { t } = useTranslation();
  const [form] = Form.useForm();
  const change = useChange(resource, row, name, form, onClose);
  return (
    <Form
      form={form}
      // Its input is not called what one of another form is, such as that of a new record beside it.
      name={useId()}
      className="in-place"
      // What an amount is in stands beside it.
      initialValues={{ ...row, [name]: change.kept }}
      onValuesChange={(changed) => {
        forgetFaults(form, changed);
        change.keep();
      }}
      onFinish={() => change.save()}
      onKeyDown={(event) => leaves(event) && change.close()}
    >
      <FormField name={name} fields={bodyOf(resource.update!)} autoFocus={!change.isKept} />
      <p className="not-fresh" role="status">
        {change.isOn ? t("form.savedOn") : change.isKept && t("form.restored")}
      </p>
      {change.refused && <Alert type="error" showIcon title={change.refused} />}
      <Space>
        <Button type="primary" size="small" htmlType="submit" loading={change.isPending}>
          {t("form.save")}
        </Button>
        {isDeciding(resource, name) && (
          <PreviewButton size="small" change={() => changeOf(resource, row.id, change.mine())} />
        )}
        <Button size="small" onClick={change.close}>
          {t("form.cancel")}
        </Button>
      </Space>
      {change.theirs && (
        <Conflict
          resource={resource}
          began={change.began}
          theirs={change.theirs}
          mine={change.mine()}
          onMine={() => change.save(change.theirs!.version)}
          onTheirs={change.take}
          onClose={change.dismiss}
        />
      )}
    </Form>
  );
}
