import { Form, Select, type SelectProps } from "antd";
import { useTranslation } from "react-i18next";
import { useClear } from "./Clear";
import { useSubjectSteps } from "./subjects";
import { said } from "./words";

/** A step of the noun that the form says it is about; left empty it is the first. */
export function SubjectStepInput(given: SelectProps) {
  const { i18n } = useTranslation();
  const form = Form.useFormInstance();
  const steps = useSubjectSteps(Form.useWatch("subject_type", { form, preserve: true }));
  const options = steps.map(({ key, label }) => ({ value: key, label: said(i18n.language, label, key) }));
  return <Select {...given} allowClear={useClear()} options={options} />;
}
