import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import dayjs from "dayjs";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { allSchemas } from "../../api/bodies";
import { call, type Row } from "../../api/call";
import { useAddress } from "../../resources/address";
import { DateInput } from "../../resources/DateInput";
import { fullMoment } from "../../resources/days";
import { Fetched } from "../../resources/Failure";
import { isMoment } from "../../resources/reading";
import { SmallTable } from "../../resources/SmallTable";
import { useWords } from "../../resources/words";
import { Json } from "./Json";
import { OperationsNav } from "./OperationsNav";
import "./operations.css";
import { Waiting } from "../../resources/Waiting";

type Page = { items: Row[]; next: string };
const PAGE = 50;
const COLUMNS = ["time", "type", "subject", "actorid", "correlationid"];
const DATA = "data";

/** The feed of all events by type, record and time, from there on a page at a time. */
export function Component() {
  const { t } = useTranslation();
  const { values } = useAddress();
  const [shown, setShown] = useState<Row>();
  const { types, subject } = values;
  const since = values.since ?? dayjs().subtract(1, "day").startOf("hour").toISOString();
  const found = useInfiniteQuery({
    queryKey: ["bus", "events", types, subject, since],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const from = pageParam ? { after: pageParam } : { since };
      return call<Page>("read_events", { query: { types, subject, limit: PAGE, ...from }, signal });
    },
    // The feed has no end: a page that is not full is the last one for now.
    getNextPageParam: (page) => (page.items.length === PAGE ? page.next : undefined),
  });
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <OperationsNav page="events" />
      <EventFilter since={since} />
      <Fetched of={found} />
      {found.isLoading && <Waiting />}
      {found.isSuccess && rows.length === 0 && <p className="nothing">{t("operations.noEvents")}</p>}
      {rows.length > 0 && <EventTable rows={rows} onShow={setShown} />}
      {found.hasNextPage && (
        <Button loading={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
          {t("list.more")}
        </Button>
      )}
      {shown && (
        <Modal open width={760} title={String(shown.type)} footer={null} onCancel={() => setShown(undefined)}>
          <Json label={t("operations.payload")} value={shown} />
        </Modal>
      )}
    </>
  );
}

/** What is asked for stands in the address once it is sent. */
function EventFilter({ since }: { since: string }) {
  const { t } = useTranslation();
  const id = useId();
  const { values, set } = useAddress();
  const [from, setFrom] = useState(since);
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isMoment(from)) return;
    const form = new FormData(event.currentTarget);
    set({
      types: String(form.get("types")).trim() || undefined,
      subject: String(form.get("subject")).trim() || undefined,
      since: from,
    });
  };
  return (
    <form className="bus-form" onSubmit={find}>
      <label htmlFor={`${id}t`}>{t("operations.types")}</label>
      <Input id={`${id}t`} name="types" defaultValue={values.types} />
      <label htmlFor={`${id}s`}>{t("operations.subjects")}</label>
      <Input id={`${id}s`} name="subject" defaultValue={values.subject} />
      <label htmlFor={`${id}f`}>{t("operations.since")}</label>
      <DateInput id={`${id}f`} allowClear={false} withTime value={from} onChange={(moment = "") => setFrom(moment)} />
      {!isMoment(from) && (
        <p className="fault" role="alert">
          {t("form.moment", { label: t("operations.since") })}
        </p>
      )}
      <Button type="primary" htmlType="submit">
        {t("operations.find")}
      </Button>
    </form>
  );
}

function EventTable({ rows, onShow }: { rows: Row[]; onShow: (row: Row) => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const fields = allSchemas.CloudEvent!;
  const cell = (row: Row, name: string) => {
    if (name === "time") return <time dateTime={String(row.time)}>{fullMoment(String(row.time))}</time>;
    if (name === "correlationid")
      return <Link to={`/operations/processes/${row.correlationid}`}>{t("operations.process")}</Link>;
    if (name === DATA)
      return (
        <Button
          size="small"
          aria-label={t("operations.lookAt", { type: String(row.type) })}
          onClick={() => onShow(row)}
        >
          {t("operations.look")}
        </Button>
      );
    return String(row[name] ?? "—");
  };
  return (
    <SmallTable
      label={t("operations.title.events")}
      columns={[...COLUMNS, DATA].map((name) => ({ name, label: words.label(name, fields[name]) }))}
      rows={rows}
      cell={cell}
    />
  );
}
