import { Alert, Button, Spin } from "antd";
import { Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useAllowed } from "../api/permissions";
import { Actions } from "./Actions";
import { useAddress } from "./address";
import { Facts } from "./Facts";
import { useRecord } from "./queries";
import { Related } from "./Related";
import { fieldsOf, type Resource, resourceOf, titleOf } from "./registry";
import { Value } from "./Value";

/** The page of one record: what it is, what may be done with it, its facts, and what belongs to it. */
export function ResourceRecord({ resource, id, above }: { resource: Resource; id: string; above?: ReactNode }) {
  const { t } = useTranslation();
  const record = useRecord(resource, id);
  const row = record.data;
  if (record.isError)
    return (
      <Alert
        type="error"
        showIcon
        title={record.error.message || t("error.hint")}
        action={<Button onClick={() => record.refetch()}>{t("error.again")}</Button>}
      />
    );
  if (!row) return <Spin className="waiting" size="large" aria-label={t("loading")} />;
  const fields = fieldsOf(resource);
  const head = [resource.status, resource.figure, resource.owner].filter((name) => name && name in row) as string[];
  return (
    <article className="record">
      <nav aria-label={t("record.up")}>
        <Link to={`/${resource.name}`}>{t(`nav.${resource.name}`)}</Link>
      </nav>
      <header>
        <h1>{titleOf(resource, row)}</h1>
        {head.map((name) => (
          <Fragment key={name}>
            <Value name={name} fields={fields} row={row} tones={resource.tones} inLine />
          </Fragment>
        ))}
        <span className="grow" />
        <Actions resource={resource} row={row} />
      </header>
      {above}
      <div className="columns">
        <div>
          <Facts resource={resource} row={row} />
        </div>
        <RecordTabs resource={resource} id={id} />
      </div>
    </article>
  );
}

function RecordTabs({ resource, id }: { resource: Resource; id: string }) {
  const { t } = useTranslation();
  const { values } = useAddress();
  const allowed = useAllowed();
  const tabs = (resource.tabs ?? []).flatMap(({ resource: name, by }) => {
    const related = resourceOf(name);
    return related && allowed(related.list) ? [{ name, by, related }] : [];
  });
  if (tabs.length === 0) return null;
  const shown = tabs.find(({ name }) => name === values.tab) ?? tabs[0]!;
  return (
    <div>
      <nav className="record-tabs" aria-label={t("record.related")}>
        {tabs.map(({ name }) => (
          <Link
            key={name}
            to={{ search: `?tab=${name}` }}
            replace
            preventScrollReset
            aria-current={name === shown.name ? "page" : undefined}
          >
            {t(`nav.${name}`)}
          </Link>
        ))}
      </nav>
      <Related key={shown.name} resource={shown.related} owner={{ by: shown.by, id }} />
    </div>
  );
}
