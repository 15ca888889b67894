import { Alert, Button, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { allSchemas } from "../../api/bodies";
import type { Row } from "../../api/call";
import { api } from "../../api/client";
import { useClear } from "../../resources/Clear";
import { Failure, Fetched } from "../../resources/Failure";
import { SmallTable } from "../../resources/SmallTable";
import { useConfirm } from "../../resources/useConfirm";
import { useWords } from "../../resources/words";
import { type Comparison, comparing, type End } from "./comparing";
import { Json } from "./Json";
import { jsonLines } from "./lines";
import { OperationsNav } from "./OperationsNav";
import { type BusOfService, useBus, useServiceName } from "./useBus";
import { useReading } from "./useReading";

const COLUMNS = ["audit", "id", "problem", "owner_service", "service", "owner", "follower", "mending"];
type Wish = { kind?: string; mend: boolean };

async function* asked({ kind, mend }: Wish, signal: AbortSignal) {
  const params = { query: { kind } };
  const answer = mend
    ? await api.POST("/v1/bus/audit/mend", { params, parseAs: "stream", signal })
    : await api.GET("/v1/bus/audit", { params, parseAs: "stream", signal });
  yield* jsonLines(answer.data as ReadableStream<Uint8Array>);
}

/** The services' records are compared, one by one; what differs is shown as soon as it is found. */
export function Component() {
  const { t } = useTranslation();
  const bus = useBus();
  const {
    run,
    far: found,
    stop,
  } = useReading<Wish, Comparison>((wish, tell, signal) => comparing(asked(wish, signal), tell, signal));
  return (
    <>
      <OperationsNav page="audit" />
      <p>{t("operations.auditHint")}</p>
      <Fetched of={bus} />
      {bus.data && <Ask busy={run.isPending} services={bus.data} onRun={run.mutate} onStop={stop} />}
      <div aria-live="polite">
        {run.isPending && <p>{t("operations.running", { count: found?.count ?? 0 })}</p>}
        {run.isError && <Failure error={run.error} onRetry={() => run.mutate(run.variables)} />}
        {found?.end && <Ended end={found.end} count={found.count} />}
        {found && found.count > found.rows.length && (
          <p>{t("operations.first", { shown: found.rows.length, count: found.count })}</p>
        )}
      </div>
      {found && found.rows.length > 0 && <Differences rows={found.rows} />}
    </>
  );
}

type AskProps = { busy: boolean; services: BusOfService[]; onRun: (wish: Wish) => void; onStop: () => void };

function Ask({ busy, services, onRun, onStop }: AskProps) {
  const { t } = useTranslation();
  const confirm = useConfirm();
  const [kind, setKind] = useState<string>();
  const kinds = [...new Set(services.flatMap(({ audits = [] }) => audits.map((each) => each.kind)))];
  const mend = () =>
    confirm({
      title: t("operations.mendSure"),
      okText: t("operations.mend"),
      onOk: () => onRun({ kind, mend: true }),
    });
  return (
    <div className="toolbar">
      <Select
        allowClear={useClear()}
        className="search"
        aria-label={t("operations.allAudits")}
        placeholder={t("operations.allAudits")}
        value={kind}
        onChange={setKind}
        options={kinds.map((value) => ({ value, label: value }))}
      />
      <Button type="primary" disabled={busy} onClick={() => onRun({ kind, mend: false })}>
        {t("operations.run")}
      </Button>
      <Button disabled={busy} onClick={mend}>
        {t("operations.mend")}
      </Button>
      {busy && <Button onClick={onStop}>{t("operations.stop")}</Button>}
    </div>
  );
}

function Ended({ end, count }: { end: End; count: number }) {
  const { t } = useTranslation();
  const named = useServiceName();
  if (end.state === "failed")
    return <Alert type="error" showIcon title={t("operations.interrupted", { detail: end.detail })} />;
  if (end.state === "cut") return <Alert type="error" showIcon title={t("operations.cut")} />;
  if (end.state === "stopped") return <Alert type="info" showIcon title={t("operations.halted", { count })} />;
  return (
    <>
      <Alert
        type={end.differences ? "warning" : "success"}
        showIcon
        title={end.differences ? t("operations.differs", { count: end.differences }) : t("operations.same")}
      />
      {end.unavailable.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t("operations.missing", { names: end.unavailable.map(named).join(", ") })}
        />
      )}
    </>
  );
}

function Differences({ rows }: { rows: Row[] }) {
  const { t } = useTranslation();
  const words = useWords();
  const named = useServiceName();
  const fields = allSchemas.AuditDifference!;
  const columns = COLUMNS.filter((name) => rows.some((row) => name in row));
  const cell = (row: Row, name: string) => {
    const value = name === "id" ? row.key : row[name];
    if (name === "problem") return words.value(String(value), fields.problem);
    if (name.endsWith("service")) return named(value);
    if (name === "mending") return String(value) || t("operations.unmended");
    if (value == null) return "—";
    return typeof value === "object" ? <Json label={words.label(name, fields[name])} value={value} /> : String(value);
  };
  return (
    <SmallTable
      label={t("operations.title.audit")}
      columns={columns.map((name) => ({ name, label: words.label(name, fields[name]) }))}
      rows={rows}
      cell={cell}
    />
  );
}
