import { useInfiniteQuery } from "@tanstack/react-query";
import { Alert, Button, Select, Space } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { allSchemas } from "../../api/bodies";
import { call } from "../../api/call";
import { useAddress } from "../../resources/address";
import { useClear } from "../../resources/Clear";
import { Fetched } from "../../resources/Failure";
import { SmallTable } from "../../resources/SmallTable";
import { useDeed } from "../../resources/useDeed";
import { Value } from "../../resources/Value";
import { Waiting } from "../../resources/Waiting";
import { useWords } from "../../resources/words";
import { type Failed, FEW, firstOfEach, type ParkedPage } from "./failed";
import { OperationsNav } from "./OperationsNav";
import { Discarding, Payload } from "./ParkedDialogs";
import { useBus, useServiceName } from "./useBus";

const COLUMNS = ["failed_at", "service", "type", "state", "attempts", "error", "correlation_id", "note"];
const DEEDS = "deeds";
const PARKED = "parked";
const TONES = { parked: "error", retrying: "warning", redriven: "success" } as const;

/** Events that a service could not handle: looked into, handled once more, or given up with a reason. */
export function Component() {
  const { t } = useTranslation();
  const { values } = useAddress();
  const { service } = values;
  const query = { state: values.state ?? PARKED, service };
  const found = useInfiniteQuery({
    queryKey: ["bus", "parked", query],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call<ParkedPage>("list_parked_events", { query: { ...query, after: pageParam }, signal }),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const all = found.data?.pages.flatMap((page) => page.items) ?? [];
  const shown = service ? all : firstOfEach(all);
  return (
    <>
      <OperationsNav page="parked" />
      <Choices service={service} state={query.state} />
      <Fetched of={found} />
      {found.isLoading && <Waiting />}
      {found.data && <FailedEvents events={shown} away={found.data.pages[0]!.unavailable} />}
      {shown.length < all.length && <p>{t("operations.chooseService", { count: FEW })}</p>}
      {found.hasNextPage && (
        <Button loading={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
          {t("list.more")}
        </Button>
      )}
    </>
  );
}

/** Of which service, and in which state; what stands parked in one service can be handled once more as a whole. */
function Choices({ service, state }: { service?: string; state: string }) {
  const { t } = useTranslation();
  const words = useWords();
  const named = useServiceName();
  const { set } = useAddress();
  const deed = useDeed();
  const fields = allSchemas.FailedEventListed!;
  const services = useBus().data ?? [];
  const states = fields.state!.enum!.map((value) => ({ value, label: words.value(value, fields.state) }));
  return (
    <div className="toolbar">
      <Select
        allowClear={useClear()}
        aria-label={words.label("service", fields.service)}
        placeholder={words.label("service", fields.service)}
        className="search"
        value={service}
        onChange={(chosen) => set({ service: chosen })}
        options={services.map((each) => ({ value: each.service, label: named(each.service) }))}
      />
      <Select
        aria-label={words.label("state", fields.state)}
        className="search"
        value={state}
        onChange={(chosen) => set({ state: chosen })}
        options={[...states, { value: "all", label: t("list.all") }]}
      />
      <span className="grow" />
      {service && (
        <Button
          loading={deed.isPending}
          onClick={() =>
            deed.mutate({ operation: "redrive_parked_events", path: service, done: t("operations.redriven") })
          }
        >
          {t("operations.redriveAll")}
        </Button>
      )}
    </div>
  );
}

function FailedEvents({ events, away }: { events: Failed[]; away: string[] }) {
  const { t } = useTranslation();
  const words = useWords();
  const named = useServiceName();
  const [asking, setAsking] = useState<{ what: "look" | "discard"; event: Failed }>();
  const fields = allSchemas.FailedEventListed!;
  const close = () => setAsking(undefined);
  const cell = (row: Failed, name: string) => {
    if (name === "service") return named(row.service);
    if (name === "correlation_id")
      return row.correlation_id ? (
        <Link to={`/operations/processes/${row.correlation_id}`}>{t("operations.process")}</Link>
      ) : (
        "—"
      );
    if (name === DEEDS) return <Deeds event={row} onAsk={(what) => setAsking({ what, event: row })} />;
    return <Value name={name} fields={fields} row={row} tones={TONES} inLine />;
  };
  return (
    <>
      {away.length > 0 && (
        <Alert type="warning" showIcon title={t("operations.missing", { names: away.map(named).join(", ") })} />
      )}
      {events.length === 0 ? (
        <p className="nothing">{t("operations.nothingParked")}</p>
      ) : (
        <SmallTable
          label={t("operations.title.parked")}
          columns={[
            ...COLUMNS.map((name) => ({ name, label: words.label(name, fields[name]) })),
            { name: DEEDS, label: t("record.deeds") },
          ]}
          rows={events.map((each) => ({ ...each, id: `${each.service} ${each.event_id}` }))}
          cell={(row, name) => cell(row as Failed, name)}
        />
      )}
      {asking?.what === "look" && <Payload event={asking.event} onClose={close} />}
      {asking?.what === "discard" && <Discarding event={asking.event} onClose={close} />}
    </>
  );
}

function Deeds({ event, onAsk }: { event: Failed; onAsk: (what: "look" | "discard") => void }) {
  const { t } = useTranslation();
  const deed = useDeed();
  const path = { service: event.service, event_id: event.event_id };
  const type = String(event.type);
  return (
    <Space wrap>
      <Button size="small" aria-label={t("operations.lookAt", { type })} onClick={() => onAsk("look")}>
        {t("operations.look")}
      </Button>
      {event.state === PARKED && (
        <>
          <Button
            size="small"
            aria-label={t("operations.redriveOne", { type })}
            loading={deed.isPending}
            onClick={() => deed.mutate({ operation: "redrive_parked_event", path, done: t("operations.redriven") })}
          >
            {t("operations.redrive")}
          </Button>
          <Button
            size="small"
            danger
            aria-label={t("operations.discardOne", { type })}
            onClick={() => onAsk("discard")}
          >
            {t("operations.discard")}
          </Button>
        </>
      )}
    </Space>
  );
}
