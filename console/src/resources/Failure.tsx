import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mayPass, Problem } from "../api/problem";
import { whyOf } from "./refusals";

/** Which of the ways of a failure that may pass it is: no answer came, or a service is away. */
export const passing = (error: unknown) => (error instanceof Problem && error.status === 0 ? "offline" : "away");

/** What stands where something could not be shown: why, how to try again, and the id by which it can be looked up. */
export function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  const away = mayPass(error);
  const why = passing(error);
  return (
    <Alert
      type={away ? "warning" : "error"}
      showIcon
      title={away ? t(`error.${why}`) : whyOf(error) || t("error.hint")}
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

type Asked = { error: unknown; data: unknown; refetch: () => unknown };

/**
 * What stands above something that was asked for: nothing, why it is not there, or, where it was shown already, one
 * quiet line that it could not be read anew. What is on the screen stays in any case.
 */
export function Fetched({ of: { error, data, refetch } }: { of: Asked }) {
  const { t } = useTranslation();
  if (!error) return null;
  const again = () => void refetch();
  // A refusal is news of the record itself, and is told aloud.
  if (data === undefined || !mayPass(error)) return <Failure error={error} onRetry={again} />;
  return (
    <p className="not-fresh" role="status">
      {t("error.notFresh")}{" "}
      <Button type="link" size="small" onClick={again}>
        {t("error.again")}
      </Button>
    </p>
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
