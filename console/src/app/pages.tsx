import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, type RouteObject, useRouteError } from "react-router";
import { Problem } from "../api/problem";
import { CorrelationId } from "../resources/Failure";

/** A page that has nothing of its own to show: what happened, and what to do. Every page may need it, so it is plain. */
function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="notice">
      <h1>{title}</h1>
      {children}
    </div>
  );
}

/** What a page that fails shows in its place: what happened, what to do, and the id by which it can be looked up, if any. */
export function ErrorPage({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const problem = error instanceof Problem ? error : undefined;
  return (
    <Notice title={t("error.title")}>
      <p>{problem?.message || t("error.hint")}</p>
      {problem?.correlationId ? <CorrelationId error={error} /> : <p>{t("error.noId")}</p>}
      <Button type="primary" onClick={() => window.location.reload()}>
        {t("error.reload")}
      </Button>
    </Notice>
  );
}

/** The same for a route whose page could not be shown. */
export function RouteError() {
  return <ErrorPage error={useRouteError()} />;
}

/** The pages within a frame: where one of them crashes, the frame stays, and leads elsewhere. */
export const within = (children: RouteObject[]): RouteObject => ({ errorElement: <RouteError />, children });

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Notice title={t("notFound.title")}>
      <p>{t("notFound.hint")}</p>
      <Link to="/">{t("notFound.home")}</Link>
    </Notice>
  );
}
