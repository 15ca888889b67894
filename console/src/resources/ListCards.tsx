import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../api/call";
import { ChoiceBox } from "./ChoiceBox";
import { type Kind, kindOf } from "./kinds";
import type { useList } from "./queries";
import { RecordLink } from "./RecordLink";
import { fieldsOf, type Resource, titleOf } from "./registry";
import type { Choosing } from "./useChosen";
import { Value } from "./Value";
import { Waiting } from "./Waiting";

/** What says nothing without its name, for which there is no room: a number, a yes or no, how many parts. */
const NAMELESS: Kind[] = ["integer", "flag", "parts", "grants"];

/** The rows of a phone: what it is and its state, what else names it, two more facts, its figure. */
export function ListCards({
  resource,
  list,
  nothing,
  choosing,
}: {
  resource: Resource;
  list: ReturnType<typeof useList>;
  nothing: ReactNode;
  choosing?: Choosing;
}) {
  const { t } = useTranslation();
  // That another question had no answer says nothing of this one.
  if (list.isPending || (list.isPlaceholderData && list.rows.length === 0)) return <Waiting />;
  if (list.rows.length === 0) return nothing;
  return (
    <>
      <ul className="cards">
        {list.rows.map((row) => (
          <RowCard key={row.id} resource={resource} row={row} choosing={choosing} />
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

function RowCard({ resource, row, choosing }: { resource: Resource; row: Row; choosing?: Choosing }) {
  const fields = fieldsOf(resource);
  const isFact = (name: string) =>
    row[name] != null && row[name] !== "" && !NAMELESS.includes(kindOf(name, fields[name] ?? {}, fields));
  const [, ...named] = resource.title.filter((name) => row[name] && resource.columns.includes(name));
  const said = [...resource.title, resource.status, resource.figure];
  const facts = [...named, ...resource.columns.filter((name) => !said.includes(name) && isFact(name)).slice(0, 2)];
  const value = (name: string) => <Value name={name} fields={fields} row={row} tones={resource.tones} inLine />;
  return (
    <li className="card">
      <div>
        {choosing && <ChoiceBox resource={resource} choosing={choosing} row={row} />}
        <RecordLink resource={resource} row={row}>
          {titleOf(resource, row)}
        </RecordLink>
        {resource.status && value(resource.status)}
      </div>
      <div>
        <span className="facts">
          {facts.map((name) => (
            <span key={name}>{value(name)}</span>
          ))}
        </span>
        {resource.figure && value(resource.figure)}
      </div>
    </li>
  );
}
