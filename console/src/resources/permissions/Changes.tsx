import { useTranslation } from "react-i18next";
import { type Grants, useCalled } from "./catalogue";
import { changesBetween } from "./changes";

/** What is gained and what is lost, one line each. */
export function Changes({ before, after }: { before: Grants; after: Grants }) {
  const { t } = useTranslation();
  const called = useCalled();
  const changes = changesBetween(before, after);
  if (changes.length === 0) return <p className="nothing">{t("permissions.noChange")}</p>;
  return (
    <ul className="permission-changes" aria-label={t("permissions.changes")}>
      {changes.map(({ permission, from, to, gained }) => (
        <li key={permission}>
          <span className={`tag ${gained ? "success" : "warning"}`}>
            {t(gained ? "permissions.gained" : "permissions.lost")}
          </span>{" "}
          {called.whole(permission)}: {called.scope(from)} → {called.scope(to)}
        </li>
      ))}
    </ul>
  );
}
