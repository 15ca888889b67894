import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { schemas } from "../../api/meta";
import { useMe } from "../../api/permissions";
import { Failure } from "../../resources/Failure";
import { OperationForm } from "../../resources/OperationForm";
import type { Grants } from "../../resources/permissions/catalogue";
import { Matrix } from "../../resources/permissions/Matrix";
import { Value } from "../../resources/Value";
import { Waiting } from "../../resources/Waiting";
import { useWords } from "../../resources/words";
import { OwnSessions } from "./OwnSessions";

const SHOWN = ["display_name", "username", "department_id", "manager_id", "roles", "email", "mobile", "expires_on"];

/** One's own account: what stands in it, one's password, and what one may do. */
export function Component() {
  const { t } = useTranslation();
  const words = useWords();
  const me = useMe();
  const fields = schemas.Me!;
  const row: Row | undefined = me.data;
  if (me.isError && !row) return <Failure error={me.error} onRetry={me.refetch} />;
  if (!row) return <Waiting />;
  return (
    <article className="record">
      <header>
        <h1>{t("me.title")}</h1>
      </header>
      <div className="columns">
        <section className="facts-group" aria-labelledby="basic">
          <h2 id="basic">{t("group.basic")}</h2>
          <dl>
            {SHOWN.map((name) => (
              <div key={name} className="fact">
                <dt>{words.label(name, fields[name])}</dt>
                <dd>
                  <Value name={name} fields={fields} row={row} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
        <OwnPassword id={row.id} />
      </div>
      <OwnSessions />
      <h2 className="apart">{t("me.permissions")}</h2>
      <Matrix value={row.permissions as Grants} />
    </article>
  );
}

function OwnPassword({ id }: { id: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  // Another form after each change: nothing of a password is left standing in it.
  const [times, setTimes] = useState(0);
  return (
    <section aria-labelledby="password">
      <h2 id="password">{t("me.change")}</h2>
      <p className="nothing">{t("me.hint")}</p>
      <OperationForm
        key={times}
        operation="change_own_password"
        draft={`password.${id}`}
        submit={t("me.change")}
        onDone={() => {
          message.success(t("me.changed"));
          setTimes(times + 1);
        }}
      />
    </section>
  );
}
