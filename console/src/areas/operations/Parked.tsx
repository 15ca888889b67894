import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Select, Space } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { allSchemas } from "../../api/bodies";
import { call, type Row } from "../../api/call";
import { useAddress } from "../../resources/address";
import { SmallTable } from "../../resources/SmallTable";
import { useDeed } from "../../resources/useDeed";
import { Value } from "../../resources/Value";
import { Waiting } from "../../resources/Waiting";
import { useWords } from "../../resources/words";
import { OperationsNav } from "./OperationsNav";
import { Discarding, Payload } from "./ParkedDialogs";
import { useBus, useServiceName } from "./useBus";

const COLUMNS = ["failed_at", "service", "type", "state", "attempts", "error", "correlation_id", "note"];
const DEEDS = "deeds";
const TONES = { parked: "error", retrying: "warning", redriven: "success" } as const;
type Found = { items: (Row & { service: string; event_id: string })[]; unavailable: string[]; next: string | null };
export type Failed = Found["items"][number];

/** Events that a service could not handle: looked into, handled once more, or given up with a reason. */
export function Component() {
  const { t } = useTranslation();
  const words = useWords();
  const named = useServiceName();
  const { values, set } = useAddress();
  const fields = allSchemas.FailedEventListed!;
  const state = values.state ?? "parked";
  const query = { state, service: values.service, after: values.after };
  const found = useQuery({
    queryKey: ["bus", "parked", query],
    queryFn: ({ signal }) => call<Found>("list_parked_events", { query, signal }),
  });
  const services = useBus().data ?? [];
  const deed = useDeed();
  const states = ["parked", "retrying", "redriven", "discarded", "all"];
  return (
    <>
      <OperationsNav page="parked" />
      <div className="toolbar">
        <Select
          allowClear
          aria-label={words.label("service", fields.service)}
          placeholder={words.label("service", fields.service)}
          className="search"
          value={values.service}
          onChange={(service) => set({ service, after: undefined })}
          options={services.map(({ service }) => ({ value: service, label: named(service) }))}
        />
        <Select
          aria-label={words.label("state", fields.state)}
          className="search"
          value={state}
          onChange={(chosen) => set({ state: chosen, after: undefined })}
          options={states.map((value) => ({
            value,
            label: value === "all" ? t("list.all") : words.value(value, fields.state),
          }))}
        />
        <span className="grow" />
        {values.service && (
          <Button
            loading={deed.isPending}
            onClick={() =>
              deed.mutate({ operation: "redrive_parked_events", path: values.service, done: t("operations.redriven") })
            }
          >
            {t("operations.redriveAll")}
          </Button>
        )}
      </div>
      {found.isError && <Alert type="error" showIcon title={found.error.message || t("error.hint")} />}
      {found.isLoading && <Waiting />}
      {found.data && <FailedEvents found={found.data} />}
      {found.data?.next && <Button onClick={() => set({ after: found.data.next! })}>{t("operations.next")}</Button>}
    </>
  );
}

function FailedEvents({ found }: { found: Found }) {
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
      {found.unavailable.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t("operations.missing", { names: found.unavailable.map(named).join(", ") })}
        />
      )}
      {found.items.length === 0 ? (
        <p className="nothing">{t("operations.nothingParked")}</p>
      ) : (
        <SmallTable
          label={t("operations.title.parked")}
          columns={[
            ...COLUMNS.map((name) => ({ name, label: words.label(name, fields[name]) })),
            { name: DEEDS, label: t("operations.deeds") },
          ]}
          rows={found.items.map((each) => ({ ...each, id: `${each.service} ${each.event_id}` }))}
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
      {event.state === "parked" && (
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
