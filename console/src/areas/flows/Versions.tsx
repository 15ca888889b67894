import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { call, type Row } from "../../api/call";
import { schemas } from "../../api/meta";
import { Fetched } from "../../resources/Failure";
import { SmallTable } from "../../resources/SmallTable";
import { Value } from "../../resources/Value";
import { Waiting } from "../../resources/Waiting";
import { useWords } from "../../resources/words";
import StepsPicture from "./StepsPicture";

const COLUMNS = ["version", "changed_at", "changed_by_id", "name", "steps", "condition", "where", "priority", "active"];

/** What a flow was like from one change to the next: an approval goes by the version that it began with. */
export function Versions({ flow }: { flow: Row }) {
  const { t } = useTranslation();
  const words = useWords();
  const fields = schemas.FlowVersion!;
  const versions = useQuery({
    queryKey: ["approval-flows", "versions", flow.id, flow.version],
    queryFn: ({ signal }) => call<{ items: Row[] }>("list_approval_flow_versions", { path: flow.id, signal }),
  });
  const rows = versions.data?.items ?? [];
  return (
    <section className="apart" aria-labelledby="versions">
      <h2 id="versions">{t("flows.versions")}</h2>
      <p className="nothing">{t("flows.versionsHint")}</p>
      <Fetched of={versions} />
      {versions.isLoading && <Waiting />}
      {versions.data && rows.length === 0 && <p className="nothing">{t("flows.noVersions")}</p>}
      {rows.length > 0 && (
        <SmallTable
          label={t("flows.versions")}
          columns={COLUMNS.map((name) => ({ name, label: words.label(name, fields[name]) }))}
          rows={rows}
          cell={(row, name) =>
            name === "steps" ? (
              <StepsPicture rows={row.steps as Row[]} />
            ) : (
              <Value name={name} fields={fields} row={row} inLine />
            )
          }
        />
      )}
    </section>
  );
}
