import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mayPass, Problem } from "../api/problem";

/** What stands where something could not be shown: why, how to try again, and the id by which it can be looked up. */
export function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  const problem = error instanceof Problem ? error : undefined;
  const away = mayPass(error);
  const why = problem?.status === 0 ? "offline" : "away";
  return (
    <Alert
      type={away ? "warning" : "error"}
      showIcon
      title={away ? t(`error.${why}`) : problem?.message || t("error.hint")}
      description={
        <>
          {away && t(`error.${why}Hint`)}
          <CorrelationId error={error} />
        </>
      }
      action={<Button onClick={onRetry}>{t("error.again")}</Button>}
    />
  );
}

/** By which the administrator finds what happened in the logs of every service. */
export function CorrelationId({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const id = error instanceof Problem ? error.correlationId : undefined;
  if (!id) return null;
  const copy = () => navigator.clipboard.writeText(id).then(() => setCopied(true));
  return (
    <p className="correlation">
      {t("error.id", { id })}{" "}
      <Button size="small" onClick={() => void copy()}>
        {t(copied ? "error.copied" : "error.copy")}
      </Button>
    </p>
  );
}
