import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { schemas } from "../../api/meta";
import { useAllowed } from "../../api/permissions";
import { Fetched } from "../../resources/Failure";
import { recordPage } from "../../resources/recordPage";
import { SmallTable } from "../../resources/SmallTable";
import { useTotals } from "../../resources/useTotals";
import { Value } from "../../resources/Value";
import { useWords } from "../../resources/words";
import { competitors } from "../catalogue";
import { opportunityCompetitors } from "../sales";

/** A competitor, and how the opportunities ended that one may see it in. */
export const Component = recordPage(competitors, { above: (row) => <Standing of={row} /> });

const TOTALS = "total_opportunity_competitors";
const COLUMNS = ["status", "outcome", "count", "amount"];

function Standing({ of }: { of: Row }) {
  const { t } = useTranslation();
  const words = useWords();
  const allowed = useAllowed();
  const totals = useTotals(opportunityCompetitors, TOTALS, { "filter[competitor_id]": of.id });
  const fields = schemas.Competition!;
  const rows = (totals.data ?? []) as unknown as Row[];
  if (!allowed(TOTALS)) return null;
  const count = (status: string) =>
    rows.filter((row) => row.status === status).reduce((sum, row) => sum + Number(row.count), 0);
  return (
    <section aria-labelledby="standing">
      <h2 id="standing">{t("competition.title")}</h2>
      <Fetched of={totals} />
      {totals.data && (
        <p>{t("competition.standing", { won: count("won"), lost: count("lost"), open: count("open") })}</p>
      )}
      {rows.length > 0 && (
        <SmallTable
          label={t("competition.title")}
          columns={COLUMNS.map((name) => ({ name, label: words.label(name, fields[name]) }))}
          rows={rows}
          cell={(row, name) => <Value name={name} fields={fields} row={row} inLine />}
        />
      )}
    </section>
  );
}
