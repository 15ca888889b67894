import { useQuery } from "@tanstack/react-query";
import { Empty } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Fetched } from "../../resources/Failure";
import { everyRow } from "../../resources/queries";
import { fieldsOf, recordPath, titleOf } from "../../resources/registry";
import { Value } from "../../resources/Value";
import { Views } from "../../resources/Views";
import { Waiting } from "../../resources/Waiting";
import { positions } from "../admin";
import { charted, type Place } from "./chart";
import "./chart.css";

/** No house has so many; a chart of more would be no help either. */
const MOST = 2_000;

/** Whose position stands below whose (ID-05). */
export function Component() {
  const { t } = useTranslation();
  const all = useQuery({
    queryKey: [positions.name, "chart"],
    queryFn: ({ signal }) => everyRow(positions.list, MOST, signal),
  });
  const { rows = [], isCapped = false } = all.data ?? {};
  const top = charted(rows);
  return (
    <>
      <div className="toolbar">
        <h1>{t("nav.positions")}</h1>
        <Views resource={positions} />
      </div>
      <Fetched of={all} />
      {isCapped && <p role="status">{t("positions.capped", { count: rows.length })}</p>}
      {all.isLoading && <Waiting />}
      {all.data && top.length === 0 && <Empty description={t("positions.nothing")} />}
      {top.length > 0 && (
        <div className="chart">
          <Level places={top} />
        </div>
      )}
    </>
  );
}

function Level({ places }: { places: Place[] }) {
  return (
    <ul>
      {places.map(({ row, below }) => (
        <li key={row.id}>
          <div className="place">
            <Link to={recordPath(positions, row.id)}>{titleOf(positions, row)}</Link>
            <Value name="department_id" fields={fieldsOf(positions)} row={row} inLine />
            <Value name="holder_ids" fields={fieldsOf(positions)} row={row} inLine />
          </div>
          {below.length > 0 && <Level places={below} />}
        </li>
      ))}
    </ul>
  );
}
