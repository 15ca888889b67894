import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { useAllowed } from "../../api/permissions";
import { scopeIn, useAddress } from "../../resources/address";
import type { Resource } from "../../resources/registry";
import { operationOf, POOL, STEPS, type Step } from "./pooled";
import { StepOnEach } from "./StepOnEach";

/** More would keep somebody waiting for longer than they look at it. */
const MOST = 100;

/** Takes a step of pools with the rows that are chosen in a list, one after the other; then says what became of each. */
export default function PoolTogether({
  resource,
  rows,
  onDone,
}: {
  resource: Resource;
  rows: Row[];
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const allowed = useAllowed();
  const { values } = useAddress();
  // What is dealt with is what was chosen when the window opened, whatever leaves the list meanwhile.
  const [taken, setTaken] = useState<{ step: Step; rows: Row[] }>();
  const steps = scopeIn(resource, values) === POOL ? STEPS.inPool : STEPS.elsewhere;
  const tooMany = rows.length > MOST;
  return (
    <section className="together" aria-label={t("pooled.title")}>
      <span aria-live="polite">
        {t(tooMany ? "together.most" : "together.chosen", { count: rows.length, most: MOST })}
      </span>
      {steps
        .filter((step) => allowed(operationOf(step, resource.noun)))
        .map((step, index) => (
          <Button
            key={step}
            type={index === 0 ? "primary" : "default"}
            danger={step === "discard"}
            disabled={tooMany}
            onClick={() => setTaken({ step, rows })}
          >
            {t(`action.${step}_${resource.noun}`)}
          </Button>
        ))}
      <Button type="text" onClick={onDone}>
        {t("together.none")}
      </Button>
      {taken && (
        <StepOnEach
          resource={resource}
          {...taken}
          onClose={(isDone) => {
            setTaken(undefined);
            if (isDone) onDone();
          }}
        />
      )}
    </section>
  );
}
