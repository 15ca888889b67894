import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import type { Resource } from "./registry";

/** Other ways to look at the same records. What narrows one of them stays there: their addresses share nothing. */
export function Views({ resource }: { resource: Resource }) {
  const { t } = useTranslation();
  if (!resource.views) return null;
  return (
    <nav aria-label={t("list.views")} className="views">
      <NavLink to={`/${resource.name}`} end>
        {t("list.list")}
      </NavLink>
      {resource.views.map((view) => (
        <NavLink key={view} to={`/${resource.name}/${view}`}>
          {t(`list.${view}`)}
        </NavLink>
      ))}
    </nav>
  );
}
