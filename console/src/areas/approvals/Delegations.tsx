import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, type Page, type Row } from "../../api/call";
import { schemas } from "../../api/meta";
import { useAllowed, useMe } from "../../api/permissions";
import { Fetched } from "../../resources/Failure";
import { resourceOf } from "../../resources/registry";
import { SmallTable } from "../../resources/SmallTable";
import { useConfirm } from "../../resources/useConfirm";
import { useDeed } from "../../resources/useDeed";
import { Value } from "../../resources/Value";
import { Views } from "../../resources/Views";
import { Waiting } from "../../resources/Waiting";
import { useWords } from "../../resources/words";
import { type Holds, holdsOf, mayEnd } from "./delegating";
import { NewDelegation } from "./NewDelegation";

const COLUMNS = ["account_id", "delegate_id", "starts_at", "ends_at", "reason"];
const HOLDS = "holds";
const END = "end";
const TONES: Record<Holds, string> = { now: "success", later: "processing", over: "default" };

/** Who decides approvals for whom while they are away (GW-56). */
export function Component() {
  const { t } = useTranslation();
  const allowed = useAllowed();
  const [making, setMaking] = useState(false);
  const delegations = useQuery({
    queryKey: ["approval-delegations", "list"],
    queryFn: ({ signal }) =>
      call<Page>("list_approval_delegations", { query: { sort: "-ends_at", limit: 200 }, signal }),
  });
  return (
    <>
      <div className="toolbar">
        <h1>{t("delegations.title")}</h1>
        <Views resource={resourceOf("approvals")!} />
        <span className="grow" />
        {allowed("create_approval_delegation") && (
          <Button type="primary" onClick={() => setMaking(true)}>
            {t("delegations.new")}
          </Button>
        )}
      </div>
      <p className="nothing">{t("delegations.hint")}</p>
      <Fetched of={delegations} />
      {delegations.isLoading && <Waiting />}
      {delegations.data?.items.length === 0 && <p>{t("delegations.none")}</p>}
      {delegations.data && delegations.data.items.length > 0 && <Table rows={delegations.data.items} />}
      {making && <NewDelegation onClose={() => setMaking(false)} />}
    </>
  );
}

function Table({ rows }: { rows: Row[] }) {
  const { t } = useTranslation();
  const words = useWords();
  const me = useMe().data;
  const confirm = useConfirm();
  const deed = useDeed();
  const fields = schemas.Delegation!;
  const now = new Date();
  const end = ({ id, version }: Row) => {
    const asked = { operation: "delete_approval_delegation", path: id, version, done: t("delegations.ended") } as const;
    confirm({ title: t("delegations.sure"), danger: true, onOk: () => deed.ask(asked) });
  };
  const cell = (row: Row, name: string) => {
    const holds = holdsOf(row, now);
    if (name === HOLDS) return <span className={`tag ${TONES[holds]}`}>{t(`delegations.${holds}`)}</span>;
    if (name !== END) return <Value name={name} fields={fields} row={row} inLine />;
    return (
      holds !== "over" &&
      mayEnd(row, me) && (
        <Button size="small" onClick={() => end(row)}>
          {t("delegations.end")}
        </Button>
      )
    );
  };
  return (
    <SmallTable
      label={t("delegations.title")}
      columns={[
        ...COLUMNS.map((name) => ({ name, label: words.label(name, fields[name]) })),
        { name: HOLDS, label: t("delegations.state") },
        { name: END, label: t("record.deeds") },
      ]}
      rows={rows}
      cell={cell}
    />
  );
}
