import { useTranslation } from "react-i18next";
import { fullMoment } from "../days";
import { useCalled } from "../permissions/catalogue";
import { type Principal, usePrincipal } from "./principals";

/** What keeps somebody from going further with a record. */
export type Lack = {
  rule: string;
  level: string;
  permission: string | null;
  scope: string | null;
  through: Principal | null;
  security_from: number | null;
  security_to: number | null;
  until: string | null;
};

/** Why somebody goes no further: a sentence for each rule that does not let them. */
export function WhyNot({ title, of }: { title: string; of: Lack[] }) {
  if (of.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul aria-label={title}>
        {of.map((lack) => (
          <li key={`${lack.rule} ${lack.through?.id}`}>
            <Sentence {...lack} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const NOBODY: Principal = { kind: "everyone", id: null };

function Sentence({ rule, level, permission, scope, through, until, ...range }: Lack) {
  const { t } = useTranslation();
  const who = usePrincipal(through ?? NOBODY);
  const called = useCalled();
  return t(`sharing.lacks.${rule}.${level}`, {
    who,
    permission: permission && called.whole(permission),
    scope: scope && called.scope(scope),
    from: range.security_from,
    to: range.security_to,
    until: until && fullMoment(until),
  });
}
