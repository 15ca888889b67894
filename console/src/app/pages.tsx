import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, type RouteObject, useRouteError } from "react-router";
import { NotLoaded } from "../api/loading";
import { mayPass, Problem } from "../api/problem";
import { CorrelationId, passing } from "../resources/Failure";
import { whyOf } from "../resources/refusals";

/** A page that has nothing of its own to show: what happened, and what to do. Every page may need it, so it is plain. */
function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="notice">
      <h1>{title}</h1>
      {children}
    </div>
  );
}

/** What happened is not the browser's fault where a service, the way to it or a part of the console could not be had. */
function wordsOf(error: unknown) {
  if (error instanceof NotLoaded) return { title: "error.part", hint: "error.partHint" };
  if (!mayPass(error)) return { title: "error.title", hint: "error.hint" };
  const why = passing(error);
  return { title: `error.${why}`, hint: `error.${why}Hint` };
}

/** What a page that fails shows in its place: what happened, what to do, and the id by which it can be looked up, if any. */
export function ErrorPage({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const { title, hint } = wordsOf(error);
  const hasId = error instanceof Problem && error.correlationId;
  return (
    <Notice title={t(title)}>
      <p>{whyOf(error) || t(hint)}</p>
      {hasId ? <CorrelationId error={error} /> : title === "error.title" && <p>{t("error.noId")}</p>}
      <Button type="primary" onClick={onRetry ?? (() => window.location.reload())}>
        {t(onRetry ? "error.again" : "error.reload")}
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
