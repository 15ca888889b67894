import { useTranslation } from "react-i18next";
import { type Grants, useCalled } from "./catalogue";

/** What is granted, in a few lines: where there is no room for the matrix. */
export default function Granted({ value, inLine }: { value: Grants; inLine?: boolean }) {
  const { t } = useTranslation();
  const called = useCalled();
  const held = Object.entries(value);
  if (inLine) return t("permissions.count", { count: held.length });
  return (
    <ul className="plain">
      {held.map(([permission, scope]) => (
        <li key={permission}>
          {called.whole(permission)} ({called.scope(scope)})
        </li>
      ))}
    </ul>
  );
}
