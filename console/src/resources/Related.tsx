import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Row } from "../api/call";
import { useMay } from "../api/permissions";
import { ChoicesContext, choicesOf } from "./choices";
import { Fetched } from "./Failure";
import { NewRecord } from "./NewRecord";
import { useOffers } from "./offers";
import { useList } from "./queries";
import { RowRemoval } from "./RowRemoval";
import { fieldsOf, orderOf, type Resource, recordPath, resourceOf, type Tab, titleOf } from "./registry";
import { SmallTable } from "./SmallTable";
import { KEYS, useHint, useShortcut } from "./shortcuts";
import { useLinkKeys } from "./useLinkKeys";
import { Value } from "./Value";
import { Waiting } from "./Waiting";
import { useWords } from "./words";

/** The column with what may be done with a row. */
const REMOVAL = " ";

/** `begins`: whether it begins with the form of a new one. */
type Props = { resource: Resource; of: Row; tab: Tab; begins?: boolean };

/** Returns what says whether one may make another record of a tab. */
export function useMayMake(of: Row) {
  const may = useMay();
  return (tab: Tab) => (tab.open?.(of) ?? true) && may(of, resourceOf(tab.resource)?.create);
}

/** The records that belong to another one. If their service is away, only this place says so. */
export function Related({ resource, of, tab, begins = false }: Props) {
  const { t } = useTranslation();
  const hint = useHint();
  const words = useWords();
  const may = useMay();
  const owner = { by: tab.by, id: of.id };
  const [creating, setCreating] = useState(begins);
  const list = useList(resource, orderOf(resource), owner);
  const fields = fieldsOf(resource);
  const columns = resource.columns.filter((name) => name !== owner.by);
  // One that has no page of its own is taken away here.
  const removable = !resource.get && may(of, resource.remove);
  const mayCreate = useMayMake(of)(tab);
  const create = () => setCreating(true);
  const frame = useRef<HTMLDivElement>(null);
  const goTo = useLinkKeys(frame);
  useShortcut("create", create, mayCreate);
  useOffers(mayCreate ? [{ name: t(`new.${resource.name}`), run: create }] : []);
  if (list.isLoading) return <Waiting />;
  if (!list.data) return <Fetched of={list} />;
  return (
    <ChoicesContext value={choicesOf(resource, of)}>
      <Fetched of={list} />
      {mayCreate && (
        <Button icon={<PlusOutlined />} title={hint(KEYS.create)} onClick={create}>
          {t(`new.${resource.name}`)}
        </Button>
      )}
      {list.rows.length === 0 ? (
        <p className="nothing">{t(`empty.${resource.name}`)}</p>
      ) : (
        <div ref={frame}>
          <SmallTable
            label={t(`nav.${resource.name}`)}
            columns={[
              ...columns.map((name) => ({ name, label: words.label(name, fields[name]) })),
              ...(removable ? [{ name: REMOVAL, label: t("record.deeds") }] : []),
            ]}
            rows={list.rows}
            cell={(row, name) =>
              name === REMOVAL ? (
                <RowRemoval resource={resource} owner={owner} row={row} />
              ) : name === columns[0] && resource.get ? (
                <Link to={recordPath(resource, row.id)}>{titleOf({ title: resource.title, ...tab }, row)}</Link>
              ) : (
                <Value name={name} fields={fields} row={row} tones={resource.tones} inLine />
              )
            }
          />
        </div>
      )}
      {list.hasNextPage && (
        <Button onClick={list.more} loading={list.isFetchingNextPage}>
          {t("list.more")}
        </Button>
      )}
      {creating && (
        <NewRecord
          resource={resource}
          owner={owner}
          starts={tab.starts?.(of)}
          onClose={() => setCreating(false)}
          onMade={resource.goesOn ? undefined : (made) => goTo(made.id)}
        />
      )}
    </ChoicesContext>
  );
}
