import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { pathNames, type Row } from "../api/call";
import { useSettings } from "../api/fields";
import { useAllowed } from "../api/permissions";
import { AboutNoun } from "./about";
import { scopeIn, useAddress, useNew, useQuestion } from "./address";
import { Chips } from "./Chips";
import { ColumnSettings, useColumns } from "./ColumnSettings";
import { ConditionButton } from "./ConditionButton";
import { Fetched } from "./Failure";
import { FilterButton } from "./FilterButton";
import { ListCards } from "./ListCards";
import { lazily } from "./lazily";
import { NewRecord } from "./NewRecord";
import { Nothing } from "./Nothing";
import { useCount, useList, useRecord } from "./queries";
import type { Resource } from "./registry";
import { Scopes } from "./Scopes";
import { SearchBox } from "./SearchBox";
import { KEYS, useHint, useShortcut } from "./shortcuts";
import { useChosen } from "./useChosen";
import { useWide } from "./useWide";
import { Views } from "./Views";
import { Waiting } from "./Waiting";

// A phone shows cards and never loads the table.
const ListTable = lazily(() => import("./ListTable"));
const Preview = lazily(() => import("./Preview"));

export function ResourceList({ resource }: { resource: Resource }) {
  useSettings();
  const { t } = useTranslation();
  const hint = useHint();
  const wide = useWide();
  const { values, set } = useAddress();
  const making = useNew();
  const question = useQuestion(resource, values);
  const list = useList(resource, question);
  const total = useCount(resource, question);
  const columns = useColumns(resource);
  const choosing = useChosen(resource, list.rows);
  const Together = resource.together?.shows;
  // What is made below another record is made on that record's page.
  const mayCreate = useAllowed()(resource.create) && pathNames(resource.create!).length === 0;
  const listed = list.rows.find((row) => row.id === values.preview);
  // A link may show a record that is not among the first rows.
  const fetched = useRecord(resource, wide && !listed && !list.isLoading ? values.preview : undefined).data;
  const shown = listed ?? (values.preview ? fetched : undefined);
  const preview = (row?: Row) => set({ preview: row?.id });
  useShortcut("create", making.open, mayCreate);
  const create = mayCreate && (
    <Button type="primary" icon={<PlusOutlined />} title={hint(KEYS.create)} onClick={making.open}>
      {t(`new.${resource.name}`)}
    </Button>
  );
  const nothing = <Nothing resource={resource} create={create} />;
  const end = (
    <>
      <span className="grow" />
      <span aria-live="polite" className="total">
        {total !== undefined && t("list.total", { count: total })}
      </span>
      {wide && <ColumnSettings resource={resource} columns={columns} />}
      {create}
    </>
  );
  return (
    <AboutNoun value={resource.noun}>
      <div className="toolbar">
        <div className="row">
          <h1>{t(`nav.${resource.name}`)}</h1>
          {!wide && end}
        </div>
        <Views resource={resource} />
        <Scopes resource={resource} />
        {resource.besideScopes && (
          <Suspense>
            <resource.besideScopes resource={resource} />
          </Suspense>
        )}
        <div className="row">
          {resource.search && <SearchBox resource={resource} />}
          <FilterButton resource={resource} />
          <ConditionButton resource={resource} />
        </div>
        {wide && end}
      </div>
      <Chips resource={resource} />
      <Fetched of={list} />
      {Together && choosing && choosing.rows.length > 0 && (
        <Suspense>
          <Together resource={resource} rows={choosing.rows} onDone={choosing.clear} />
        </Suspense>
      )}
      <Suspense fallback={<Waiting />}>
        {(!list.isError || list.data) && (
          <div className={list.isError ? "away" : undefined}>
            {wide ? (
              <ListTable
                resource={resource}
                list={list}
                total={total}
                columns={columns.shown}
                nothing={nothing}
                choosing={choosing}
                onShow={preview}
              />
            ) : (
              <ListCards resource={resource} list={list} nothing={nothing} choosing={choosing} />
            )}
          </div>
        )}
        {wide && shown && <Preview resource={resource} row={shown} onShow={preview} />}
      </Suspense>
      {making.isOpen && mayCreate && (
        <NewRecord
          resource={resource}
          starts={resource.beginsIn?.[scopeIn(resource, values)]?.(values)}
          onClose={making.close}
        />
      )}
    </AboutNoun>
  );
}
