import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../api/call";
import { kindOf } from "./kinds";
import type { useList } from "./queries";
import { RecordLink } from "./RecordLink";
import { fieldsOf, type Resource, titleOf } from "./registry";
import { Value } from "./Value";
import { Waiting } from "./Waiting";

/** The rows of a phone: what it is and its state, two more facts, its figure. */
export function ListCards({
  resource,
  list,
  nothing,
}: {
  resource: Resource;
  list: ReturnType<typeof useList>;
  nothing: ReactNode;
}) {
  const { t } = useTranslation();
  // That another question had no answer says nothing of this one.
  if (list.isPending || (list.isPlaceholderData && list.rows.length === 0)) return <Waiting />;
  if (list.rows.length === 0) return nothing;
  return (
    <>
      <ul className="cards">
        {list.rows.map((row) => (
          <RowCard key={row.id} resource={resource} row={row} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button block onClick={list.more} loading={list.isFetchingNextPage}>
          {t("list.more")}
        </Button>
      )}
    </>
  );
}

function RowCard({ resource, row }: { resource: Resource; row: Row }) {
  const fields = fieldsOf(resource);
  const said = [...resource.title, resource.status, resource.figure];
  // A number says nothing without its name, for which there is no room.
  const isFact = (name: string) => row[name] != null && kindOf(name, fields[name] ?? {}, fields) !== "integer";
  const facts = resource.columns.filter((name) => !said.includes(name) && isFact(name)).slice(0, 2);
  const value = (name: string) => (
    <Value key={name} name={name} fields={fields} row={row} tones={resource.tones} inLine />
  );
  return (
    <li className="card">
      <div>
        <RecordLink resource={resource} row={row}>
          {titleOf(resource, row)}
        </RecordLink>
        {resource.status && value(resource.status)}
      </div>
      <div>
        <span className="facts">{facts.map(value)}</span>
        {resource.figure && value(resource.figure)}
      </div>
    </li>
  );
}
