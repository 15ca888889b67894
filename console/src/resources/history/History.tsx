import { Button, Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { useSettings } from "../../api/fields";
import type { Fields } from "../../api/meta";
import { fullMoment } from "../days";
import { Fetched } from "../Failure";
import { kindOf } from "../kinds";
import { useStepName } from "../process/useStepName";
import { fieldsOf, inOrder, isShown, type Resource } from "../registry";
import { Value } from "../Value";
import { Waiting } from "../Waiting";
import { useWords } from "../words";
import { type Change, useHistory } from "./useHistory";
import "../timeline.css";
import "./history.css";

/** Who changed what in a record, when and from where; of one field, if somebody asks for that. */
export default function History({ resource, row }: { resource: Resource; row: Row }) {
  useSettings();
  const { t } = useTranslation();
  const words = useWords();
  const id = useId();
  const [field, setField] = useState<string>();
  const list = useHistory(resource, row.id, field);
  const fields = fieldsOf(resource);
  const names = inOrder(fields).filter((name) => isShown(name) && !["created_at", "updated_at"].includes(name));
  return (
    <section className="history">
      <label htmlFor={id}>{t("history.field")}</label>
      <Select
        id={id}
        className="wide"
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        placeholder={t("history.every")}
        value={field}
        onChange={setField}
        options={names.map((name) => ({ value: name, label: words.label(name, fields[name]) }))}
      />
      {list.isError && <Fetched of={list} />}
      {list.isLoading && <Waiting />}
      {list.isSuccess && list.changes.length === 0 && <p className="nothing">{t("history.none")}</p>}
      <ol aria-label={t("history.title")}>
        {list.changes.map((change) => (
          <Entry key={change.id} change={change} fields={fields} row={row} />
        ))}
      </ol>
      {list.hasNextPage && (
        <Button block onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
          {t("history.older")}
        </Button>
      )}
    </section>
  );
}

const WHO: Fields = { actor_id: { reference: "account" } };

type EntryProps = { change: Change; fields: Fields; row: Row };

function Entry({ change, fields, row }: EntryProps) {
  const { t } = useTranslation();
  const nameOf = useStepName();
  const { kind, address } = change;
  const who = change.actor_id ? <Value name="actor_id" fields={WHO} row={change} inLine /> : t("history.nobody");
  const facts = <Facts change={change} fields={fields} currency={row.currency} />;
  return (
    <li>
      <div className="moment">
        <span className="tag default">{t(`history.kind.${kind}`)}</span>
        {kind !== "viewed" && <b>{nameOf(change.operation)}</b>}
        <time dateTime={change.at}>{fullMoment(change.at)}</time>
        <span>{who}</span>
        {address && <span>{t("history.from", { address })}</span>}
      </div>
      {kind === "created" || kind === "deleted" ? (
        <details>
          <summary>{t(kind === "created" ? "history.wholeOf" : "history.gone")}</summary>
          {facts}
        </details>
      ) : (
        facts
      )}
    </li>
  );
}

/** Each field that differs, with what it was and what it became; of lines those that went and those that came. */
function Facts({ change, fields, currency }: { change: Change; fields: Fields; currency: unknown }) {
  const words = useWords();
  const { kind, changes } = change;
  const known = Object.keys(changes).filter((name) => isShown(name));
  if (known.length === 0) return null;
  return (
    <dl>
      {known.map((name) => (
        <div key={name}>
          <dt>{words.label(name, fields[name])}</dt>
          <dd>
            {kind !== "created" && (
              <Side word="old" name={name} fields={fields} currency={currency} of={changes[name]!} />
            )}
            {kind === "changed" && <span aria-hidden="true">→</span>}
            {kind !== "deleted" && (
              <Side word="new" name={name} fields={fields} currency={currency} of={changes[name]!} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

type SideProps = { word: "old" | "new"; name: string; fields: Fields; currency: unknown; of: [unknown, unknown] };

function Side({ word, name, fields, currency, of: [old, now] }: SideProps) {
  const { t } = useTranslation();
  const value = word === "old" ? old : now;
  const Mark = word === "old" ? "del" : "ins";
  const table = kindOf(name, fields[name] ?? {}, fields) === "parts";
  const row = { id: "", currency, [name]: value };
  return (
    <Mark>
      <span className="unseen">{t(`history.${word}`)}: </span>
      {isNothing(value) ? (
        <span className="nothing">{t("history.nothing")}</span>
      ) : (
        <Value name={name} fields={fields} row={row} inLine={!table} />
      )}
    </Mark>
  );
}

const isNothing = (value: unknown) => value == null || value === "" || (Array.isArray(value) && value.length === 0);
