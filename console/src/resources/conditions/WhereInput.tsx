import { Form } from "antd";
import { useTranslation } from "react-i18next";
import { ConditionEditor } from "./ConditionEditor";
import { useOffered } from "./offered";
import type { Tree } from "./tree";
import { useTerms } from "./useTerms";

type Props = { value?: Tree | null; onChange?: (tree: Tree | undefined) => void };

/** The conditions of a form, on what the form says that it is about. */
export default function WhereInput({ value, onChange }: Props) {
  const { t } = useTranslation();
  const form = Form.useFormInstance();
  const about = { form, preserve: true };
  const terms = useTerms({
    subject_type: Form.useWatch("subject_type", about),
    event_types: Form.useWatch("event_types", about),
  });
  const offered = useOffered(terms ?? {});
  if (!terms) return <p>{t("conditions.first")}</p>;
  return <ConditionEditor offered={offered} value={value} onChange={(tree) => onChange?.(tree)} />;
}
