import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import type { OperationName } from "../../api/meta";
import { useAllowed } from "../../api/permissions";

/** The pages in their order, with what one must be allowed for each. */
const PAGES: [name: string, path: string, needs: OperationName][] = [
  ["state", "", "get_bus"],
  ["parked", "/parked", "list_parked_events"],
  ["replay", "/replay", "replay_events"],
  ["rebuild", "/rebuild", "rebuild_copies"],
  ["audit", "/audit", "audit_records"],
  ["events", "/events", "read_events"],
];

/** The head of all pages for operators. */
export function OperationsNav({ page, children }: { page: string; children?: ReactNode }) {
  const { t } = useTranslation();
  const allowed = useAllowed();
  return (
    <div className="toolbar">
      <h1>{t(`operations.title.${page}`)}</h1>
      <nav aria-label={t("nav.operations")} className="views">
        {PAGES.filter(([, , needs]) => allowed(needs)).map(([name, path]) => (
          <NavLink key={name} to={`/operations${path}`} end>
            {t(`operations.page.${name}`)}
          </NavLink>
        ))}
      </nav>
      <span className="grow" />
      {children}
    </div>
  );
}
