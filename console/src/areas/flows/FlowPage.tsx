import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { allSchemas } from "../../api/bodies";
import type { Row } from "../../api/call";
import { money } from "../../resources/format";
import { recordPage } from "../../resources/recordPage";
import { fieldsOf } from "../../resources/registry";
import { useWords } from "../../resources/words";
import { flows } from "../admin";
import { StageItems } from "./StepsPicture";
import { Versions } from "./Versions";
import "./flows.css";

/** An approval flow, with a picture of who is asked in which order, and what it was like before. */
export const Component = recordPage(flows, {
  above: (flow) => <Picture flow={flow} />,
  below: (flow) => <Versions flow={flow} />,
});

type Condition = { nature?: string; amount_from?: string; currency?: string };

function Picture({ flow }: { flow: Row }) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="picture">
      <h2 id="picture">{t("flows.picture")}</h2>
      {!flow.active && <Alert type="warning" showIcon title={t("flows.off")} />}
      <ol className="flow-picture">
        <li>
          <strong>{t("flows.begin")}</strong>
          <For flow={flow} />
        </li>
        <StageItems rows={flow.steps as Row[]} />
        <li>
          <strong>{t("flows.end")}</strong>
        </li>
      </ol>
    </section>
  );
}

/** What it is for: what the condition does not say matches all. */
function For({ flow }: { flow: Row }) {
  const { t, i18n } = useTranslation();
  const words = useWords();
  const { nature, amount_from, currency } = flow.condition as Condition;
  const subject = words.value(String(flow.subject_type), fieldsOf(flows).subject_type);
  const said = [
    nature ? words.value(nature, allSchemas.ApprovalCondition!.nature) : t("flows.all", { subject }),
    amount_from ? t("flows.amount", { amount: money(amount_from, currency, i18n.language) }) : currency,
  ];
  return said.filter(Boolean).map((each) => <span key={each}>{each}</span>);
}
