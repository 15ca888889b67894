import { useTranslation } from "react-i18next";
import { StepAsked } from "../approvals/StepAsked";
import { type Step, stagesOf } from "../approvals/way";
import "./flows.css";

type Props = { rows: object[] };

/** Who is asked in which order, and who side by side. */
export default function StepsPicture({ rows }: Props) {
  const { t } = useTranslation();
  return (
    <ol className="flow-picture" aria-label={t("approval.stages")}>
      <StageItems rows={rows} />
    </ol>
  );
}

/** Each stage as an item of a list around it; what is not chosen yet is left out. */
export function StageItems({ rows }: Props) {
  const { t } = useTranslation();
  const steps = rows as Step[];
  return stagesOf(steps).map((numbers) => (
    <li key={numbers[0]}>
      {numbers.length > 1 && <strong>{t("approval.beside", { count: numbers.length })}</strong>}
      {numbers.map((number) => (
        <div key={number} className="step">
          {t("approval.step", { count: number })}{" "}
          {steps[number - 1]!.kind ? <StepAsked of={steps[number - 1]!} /> : "…"}
        </div>
      ))}
    </li>
  ));
}
