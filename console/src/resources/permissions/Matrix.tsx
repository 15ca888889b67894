import { useTranslation } from "react-i18next";
import { EVERY, type Grants, type Group, groups, SCOPES, SERVICES, unknownIn, useCalled } from "./catalogue";
import { effective, granted } from "./changes";
import "./permissions.css";

type Props = {
  value?: Grants;
  /** Where it is missing the matrix is only looked at. */
  onChange?: (value: Grants) => void;
  /** Whether a program gets them: what is for people is not offered, nor what stands for every permission. */
  forProgram?: boolean;
};

/** Who has this may do what, and on whose records: a row for each permission, a column for each scope. */
export function Matrix({ value = {}, onChange, forProgram }: Props) {
  const { t } = useTranslation();
  const unknown = unknownIn(value);
  const shown = groups(SERVICES)
    .map((group) => ({ ...group, nouns: group.nouns.map((each) => offered(each, forProgram)) }))
    .map((group) => ({ ...group, nouns: group.nouns.filter((each) => each.permissions.length > 0) }))
    .filter((group) => group.nouns.length > 0);
  const rest: Group = {
    service: "unknown",
    nouns: [{ noun: "", permissions: unknown.map((name) => ({ name, noun: "", scopes: SCOPES, forPeople: false })) }],
  };
  const every: Group = {
    service: "every",
    nouns: [{ noun: "", permissions: [{ name: EVERY, noun: "", scopes: SCOPES, forPeople: true }] }],
  };
  return (
    <div className="matrix">
      {[...(forProgram ? [] : [every]), ...shown, ...(unknown.length > 0 ? [rest] : [])].map((group) => (
        <Service key={group.service} group={group} value={value} onChange={onChange} />
      ))}
      <p className="nothing">{t("permissions.hint")}</p>
    </div>
  );
}

const offered = (each: Group["nouns"][number], forProgram?: boolean) => ({
  ...each,
  permissions: each.permissions.filter((permission) => !(forProgram && permission.forPeople)),
});

type Given = { group: Group; value: Grants; onChange?: (value: Grants) => void };

function Service({ group, value, onChange }: Given) {
  const { t } = useTranslation();
  const called = useCalled();
  return (
    <table>
      <caption>{called.service(group.service)}</caption>
      <thead>
        <tr>
          <th scope="col">{t("permissions.permission")}</th>
          {[undefined, ...SCOPES].map((scope) => (
            <th key={scope ?? "none"} scope="col">
              {called.scope(scope)}
            </th>
          ))}
        </tr>
      </thead>
      {group.nouns.map(({ noun, permissions }) => (
        <tbody key={noun}>
          {noun && (
            <tr>
              <th scope="rowgroup" colSpan={SCOPES.length + 2}>
                {called.noun(noun)}
              </th>
            </tr>
          )}
          {permissions.map((permission) => (
            <Line key={permission.name} {...permission} value={value} onChange={onChange} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

type LineProps = { name: string; scopes: string[]; value: Grants; onChange?: (value: Grants) => void };

function Line({ name, scopes, value, onChange }: LineProps) {
  const called = useCalled();
  const held = effective(value, name);
  const choices = [undefined, ...SCOPES];
  return (
    <tr className={held ? "held" : undefined}>
      <th scope="row">{called.deed(name)}</th>
      {choices.map((scope) => {
        const may = !scope || scopes.includes(scope) || value[name] === scope;
        return (
          <td key={scope ?? "none"}>
            {onChange && may ? (
              <label>
                <input
                  type="radio"
                  name={`permission ${name}`}
                  aria-label={`${called.whole(name)}: ${called.scope(scope)}`}
                  checked={value[name] === scope}
                  onChange={() => onChange(granted(value, name, scope))}
                />
              </label>
            ) : (
              held === scope && !onChange && <Held words={called.scope(scope)} none={!scope} />
            )}
          </td>
        );
      })}
    </tr>
  );
}

/** A mark that is read out: colour and place alone would say nothing to who does not see them. */
function Held({ words, none }: { words: string; none: boolean }) {
  return (
    <span role="img" aria-label={words} className={none ? "nothing" : "mark"}>
      {none ? "–" : "●"}
    </span>
  );
}
