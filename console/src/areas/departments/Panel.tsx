import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { useAllowed } from "../../api/permissions";
import { Actions } from "../../resources/Actions";
import { Awaited } from "../../resources/Awaited";
import { Facts } from "../../resources/Facts";
import { lazily } from "../../resources/lazily";
import { NewRecord } from "../../resources/NewRecord";
import { Related } from "../../resources/Related";
import { titleOf } from "../../resources/registry";
import { Waiting } from "../../resources/Waiting";
import { accounts, departments } from "../admin";
import type { MoveIt } from "./MoveTo";

const MoveTo = lazily(() => import("./MoveTo"));

type Props = { rows: Row[]; row: Row; onMove: MoveIt };

/** The department that was chosen: what it is, what may be done with it, and who belongs to it. */
export function Panel({ rows, row, onMove }: Props) {
  const { t } = useTranslation();
  const allowed = useAllowed();
  const [asking, setAsking] = useState<"below" | "move">();
  const close = () => setAsking(undefined);
  return (
    <section className="record" aria-labelledby="department">
      <header>
        <h2 id="department">{titleOf(departments, row)}</h2>
        <span className="grow" />
        {allowed("create_department") && (
          <Button icon={<PlusOutlined />} onClick={() => setAsking("below")}>
            {t("departments.below")}
          </Button>
        )}
        {allowed("update_department") && <Button onClick={() => setAsking("move")}>{t("departments.moveTo")}</Button>}
        <Actions resource={departments} row={row} />
      </header>
      <Facts resource={departments} row={row} />
      {allowed(accounts.list) && (
        <>
          <h2 className="apart">{t("nav.accounts")}</h2>
          <Related key={row.id} resource={accounts} of={row} tab={{ resource: accounts.name, by: "department_id" }} />
        </>
      )}
      {asking === "below" && (
        <NewRecord resource={departments} owner={{ by: "parent_id", id: row.id }} onClose={close} />
      )}
      {asking === "move" && (
        <Awaited onClose={close} shows={<Waiting />}>
          <MoveTo rows={rows} row={row} onMove={onMove} onClose={close} />
        </Awaited>
      )}
    </section>
  );
}
