import { Button, Result } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useRouteError } from "react-router";
import { Problem } from "../api/problem";

/** What a page that fails shows in its place: what happened, what to do, and the id by which it can be looked up. */
export function ErrorPage({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const problem = error instanceof Problem ? error : undefined;
  return (
    <Result
      status="error"
      title={<h1>{t("error.title")}</h1>}
      subTitle={
        <>
          {problem?.message || t("error.hint")}
          {problem?.correlationId && <p>{t("error.id", { id: problem.correlationId })}</p>}
        </>
      }
      extra={
        <Button type="primary" onClick={() => window.location.reload()}>
          {t("error.reload")}
        </Button>
      }
    />
  );
}

/** The same for a route whose page could not be shown. */
export function RouteError() {
  return <ErrorPage error={useRouteError()} />;
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Result
      status="404"
      title={<h1>{t("notFound.title")}</h1>}
      subTitle={t("notFound.hint")}
      extra={<Link to="/">{t("notFound.home")}</Link>}
    />
  );
}
