import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";

const PAGES = ["", "parked", "replay", "audit", "events"];

/** The head of all pages for operators. */
export function OperationsNav({ page, children }: { page: string; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="toolbar">
      <h1>{t(`operations.title.${page}`)}</h1>
      <nav aria-label={t("nav.operations")} className="views">
        {PAGES.map((each) => (
          <NavLink key={each} to={each ? `/operations/${each}` : "/operations"} end>
            {t(`operations.page.${each || "state"}`)}
          </NavLink>
        ))}
      </nav>
      <span className="grow" />
      {children}
    </div>
  );
}
