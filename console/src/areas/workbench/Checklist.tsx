import { CheckCircleFilled, CloseOutlined } from "@ant-design/icons";
import { useQueries } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { call, type Page } from "../../api/call";
import { useAllowed, useMe } from "../../api/permissions";
import { usePreferences } from "../../resources/usePreferences";
import { type Step, stepsFor } from "./steps";

/** What somebody has seen of the console, kept in this browser for their account. */
function useSeen(account: string) {
  const key = `kehu.begun.${account}`;
  const [seen, setSeen] = useState(() => localStorage.getItem(key)?.split(",") ?? []);
  return {
    seen,
    see: (...names: string[]) => {
      const more = [...new Set([...seen, ...names])];
      localStorage.setItem(key, more.join(","));
      setSeen(more);
    },
  };
}

/** Where each step leads: to the page of the record that it is done on, as far as that is known. */
function useAddresses(steps: Step[], me: string, isWanted: (step: Step) => boolean) {
  const newest = useQueries({
    queries: steps.map(({ on, ...step }) => ({
      queryKey: ["begun", me, "on", step.name],
      queryFn: () => call<Page>(on!.list, { query: { [on!.mine]: me, sort: "-created_at", limit: 1, fields: "id" } }),
      enabled: on !== undefined && isWanted(step),
    })),
  });
  return steps.map(({ to, on }, index) => {
    const [record] = newest[index]?.data?.items ?? [];
    return on && record ? on.page(record.id) : to;
  });
}

/** The first four steps of whoever is new. It goes when all are done, or when it is sent away. */
export function Checklist() {
  const { t } = useTranslation();
  const me = useMe().data!.id;
  const { seen, see } = useSeen(me);
  const { preferences, prefer } = usePreferences();
  const closed = preferences?.checklist_dismissed ?? true;
  const steps = stepsFor(useAllowed());
  const found = useQueries({
    queries: steps.map(({ name, shownBy }) => ({
      queryKey: ["begun", me, name],
      queryFn: () => call<Page>(shownBy!.list, { query: { [shownBy!.mine]: me, limit: 1 } }),
      enabled: !closed && shownBy !== undefined && !seen.includes(name),
    })),
  });
  const there = steps.filter((_, index) => found[index]?.data?.items.length).map(({ name }) => name);
  const news = there.filter((name) => !seen.includes(name)).join();
  // What was found once is remembered, and asked for no more.
  useEffect(() => {
    if (news) see(...news.split(","));
  }, [news]);
  const addresses = useAddresses(steps, me, ({ name }) => !closed && !seen.includes(name));
  const done = steps.map(({ name }) => seen.includes(name) || there.includes(name));
  if (closed || found.some((each) => each.isLoading) || done.every(Boolean)) return null;
  return (
    <section className="checklist" aria-label={t("workbench.begin.title")}>
      <h2>{t("workbench.begin.title")}</h2>
      <Button
        type="text"
        size="small"
        icon={<CloseOutlined />}
        aria-label={t("workbench.begin.close")}
        onClick={() => prefer({ checklist_dismissed: true })}
      />
      <ol className="plain">
        {steps.map(({ name, shownBy }, index) => (
          <li key={name}>
            {done[index] ? (
              <CheckCircleFilled aria-label={t("workbench.begin.done")} />
            ) : (
              <span className="number">{index + 1}</span>
            )}
            <Link to={addresses[index]!} onClick={() => !shownBy && see(name)}>
              {t(`workbench.begin.${name}`)}
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}
