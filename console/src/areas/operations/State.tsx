import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { allSchemas } from "../../api/bodies";
import type { Row } from "../../api/call";
import { Fetched } from "../../resources/Failure";
import { SmallTable } from "../../resources/SmallTable";
import { Waiting } from "../../resources/Waiting";
import { useWords } from "../../resources/words";
import { OperationsNav } from "./OperationsNav";
import { type BusOfService, useBus, useServiceName } from "./useBus";

/** The state of the bus: what waits to be sent, what failed, and how deep the queues are. */
export function Component() {
  const bus = useBus(true);
  return (
    <>
      <OperationsNav page="state" />
      <Fetched of={bus} />
      {bus.isLoading && <Waiting />}
      {bus.data && <Services services={bus.data} />}
      {bus.data && <Queues services={bus.data} />}
    </>
  );
}

const OUTBOX = ["waiting", "lag_seconds", "last_sequence", "relayed_by"];
const FAILED = ["retrying", "parked", "redriven", "discarded"];

function Services({ services }: { services: BusOfService[] }) {
  const { t } = useTranslation();
  const words = useWords();
  const named = useServiceName();
  const column = (schema: string) => (name: string) => ({ name, label: words.label(name, allSchemas[schema]![name]) });
  const rows = services.map((each) => ({ id: each.service, away: each.unavailable, ...each.outbox, ...each.failed }));
  const cell = (row: Row, name: string) => {
    if (name === "service") return named(row.id);
    if (row.away) return name === "waiting" ? <span className="tag error">{t("operations.away")}</span> : "—";
    if (name === "relayed_by") return row[name] ? String(row[name]) : <NoRelay waiting={Number(row.waiting)} />;
    if (name === "lag_seconds") return Math.round(Number(row[name]));
    if (name === "parked" && Number(row.parked) > 0)
      return (
        <Link to={`/operations/parked?service=${row.id}`}>
          <span className="tag error">{t("operations.parked", { count: Number(row.parked) })}</span>
        </Link>
      );
    return String(row[name]);
  };
  return (
    <SmallTable
      label={t("operations.title.state")}
      columns={[
        column("BusOfService")("service"),
        ...OUTBOX.map(column("BusOutbox")),
        ...FAILED.map(column("BusFailures")),
      ]}
      rows={rows}
      cell={cell}
    />
  );
}

/** Nobody sends: what waits is not sent before a relay is there again. */
function NoRelay({ waiting }: { waiting: number }) {
  const { t } = useTranslation();
  return <span className={`tag ${waiting > 0 ? "error" : "warning"}`}>{t("operations.noRelay")}</span>;
}

function Queues({ services }: { services: BusOfService[] }) {
  const { t } = useTranslation();
  const words = useWords();
  const named = useServiceName();
  // The stream of all events stands among them, at the service that reads it.
  const rows = services.flatMap(({ service, queues = [], stream }) =>
    [...queues, ...(stream ? [stream] : [])].map((each) => ({ id: each.name, service, ...each })),
  );
  const columns = ["service", "name", "messages", "consumers"].map((name) => ({
    name,
    label: words.label(name, { ...allSchemas.BusOfService, ...allSchemas.BusQueue }[name]),
  }));
  const cell = (row: Row, name: string) => {
    if (name === "service") return named(row.service);
    return row[name] == null ? t("operations.noQueue") : String(row[name]);
  };
  return (
    <section className="apart" aria-labelledby="queues">
      <h2 id="queues">{t("operations.queues")}</h2>
      <SmallTable label={t("operations.queues")} columns={columns} rows={rows} cell={cell} />
    </section>
  );
}
