import { useMutation } from "@tanstack/react-query";
import { Alert, App, Button, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { allSchemas } from "../../api/bodies";
import type { Row } from "../../api/call";
import { api } from "../../api/client";
import { SmallTable } from "../../resources/SmallTable";
import { useWords } from "../../resources/words";
import { Json } from "./Json";
import { jsonLines } from "./lines";
import { OperationsNav } from "./OperationsNav";
import { useBus, useServiceName } from "./useBus";

const COLUMNS = ["audit", "id", "problem", "owner_service", "service", "owner", "follower", "mending"];
type End = { differences?: number; unavailable?: string[]; detail?: string };

async function asked(kind: string | undefined, mend: boolean) {
  const params = { query: { kind } };
  const answer = mend
    ? await api.POST("/v1/bus/audit/mend", { params, parseAs: "stream" })
    : await api.GET("/v1/bus/audit", { params, parseAs: "stream" });
  return answer.data as ReadableStream<Uint8Array>;
}

/** The services' records are compared, one by one; what differs is shown as soon as it is found. */
export function Component() {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const [kind, setKind] = useState<string>();
  const [rows, setRows] = useState<Row[]>([]);
  const [end, setEnd] = useState<End>();
  const kinds = [...new Set((useBus().data ?? []).flatMap(({ audits = [] }) => audits.map((each) => each.kind)))];
  const run = useMutation({
    mutationFn: async (mend: boolean) => {
      setRows([]);
      setEnd(undefined);
      for await (const line of jsonLines(await asked(kind, mend)))
        if ("audit" in line) setRows((old) => [...old, { ...line, key: line.id, id: `${old.length}` }]);
        else setEnd(line);
    },
  });
  const mend = () =>
    modal.confirm({
      title: t("operations.mendSure"),
      okText: t("operations.mend"),
      onOk: () => run.mutate(true),
    });
  return (
    <>
      <OperationsNav page="audit" />
      <p>{t("operations.auditHint")}</p>
      <div className="toolbar">
        <Select
          allowClear
          className="search"
          aria-label={t("operations.allAudits")}
          placeholder={t("operations.allAudits")}
          value={kind}
          onChange={setKind}
          options={kinds.map((value) => ({ value, label: value }))}
        />
        <Button type="primary" loading={run.isPending} onClick={() => run.mutate(false)}>
          {t("operations.run")}
        </Button>
        <Button disabled={run.isPending} onClick={mend}>
          {t("operations.mend")}
        </Button>
      </div>
      <div aria-live="polite">
        {run.isPending && <p>{t("operations.running", { count: rows.length })}</p>}
        {run.isError && <Alert type="error" showIcon title={run.error.message || t("error.hint")} />}
        {end && <Ended end={end} />}
      </div>
      {rows.length > 0 && <Differences rows={rows} />}
    </>
  );
}

function Ended({ end }: { end: End }) {
  const { t } = useTranslation();
  const named = useServiceName();
  if (end.detail) return <Alert type="error" showIcon title={t("operations.interrupted", { detail: end.detail })} />;
  const away = end.unavailable ?? [];
  return (
    <>
      <Alert
        type={end.differences ? "warning" : "success"}
        showIcon
        title={end.differences ? t("operations.differs", { count: end.differences }) : t("operations.same")}
      />
      {away.length > 0 && (
        <Alert type="warning" showIcon title={t("operations.missing", { names: away.map(named).join(", ") })} />
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
