import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type OperationName, operations } from "../../api/meta";
import { useAllowed, useMe } from "../../api/permissions";
import { useQuestion } from "../../resources/address";
import { type Day, firstOfMonth, useDay } from "../../resources/days";
import { summed } from "../../resources/exact";
import { money } from "../../resources/format";
import { effective } from "../../resources/permissions/changes";
import type { Query } from "../../resources/queries";
import { resourceOf } from "../../resources/registry";
import { useTotals } from "../../resources/useTotals";
import { UNPAID } from "../finance/unpaid";

type Figure = { name: string; resource: string; totals: OperationName; sum: string; address: (day: Day) => Query };

const figures: Figure[] = [
  {
    name: "open",
    resource: "opportunities",
    totals: "total_opportunities",
    sum: "amount",
    address: () => ({ "filter[status][in]": "open" }),
  },
  {
    name: "won",
    resource: "opportunities",
    totals: "total_opportunities",
    sum: "amount",
    address: ({ today }) => ({
      "filter[status][in]": "won",
      "filter[closed_on][gte]": firstOfMonth(today),
    }),
  },
  {
    name: "outstanding",
    resource: "receivables",
    totals: "total_receivables",
    sum: "outstanding_amount",
    address: () => ({ "filter[status][in]": UNPAID.join(",") }),
  },
];

/** How many there are and what they come to, over all of them; each leads to the list that it counts. */
export function Figures() {
  return (
    <div className="figures">
      {figures.map((figure) => (
        <FigureTile key={figure.name} figure={figure} />
      ))}
    </div>
  );
}

function FigureTile({ figure }: { figure: Figure }) {
  const { t, i18n } = useTranslation();
  const resource = resourceOf(figure.resource)!;
  const allowed = useAllowed()(figure.totals);
  const reach = effective(useMe().data!.permissions, operations[figure.totals].permission!);
  // Who sees more than their own is told what all of it comes to: a head answers for the team.
  const whole = reach !== undefined && reach !== "own";
  const address = { ...figure.address(useDay()), ...(!whole && { scope: "mine" }) };
  const { data, isError } = useTotals(resource, figure.totals, useQuestion(resource, address));
  if (!allowed) return null;
  const sums = [...Map.groupBy(data ?? [], (total) => total.currency)].map(([currency, totals]) =>
    money(summed(totals.map((total) => String(total[figure.sum]))), currency, i18n.language),
  );
  const count = data?.reduce((sum, total) => sum + total.count, 0);
  return (
    <Link className="tile" to={`/${resource.name}?${new URLSearchParams(address)}`}>
      <span>
        {t(`workbench.figures.${figure.name}`)} · {t(whole ? "list.all" : "list.mine")}
      </span>
      <strong className="figure">
        {isError && !data ? t("workbench.unknown") : sums.join(" + ") || (data ? "0" : "…")}
      </strong>
      <small>{count !== undefined && t("workbench.figures.count", { count })}</small>
    </Link>
  );
}
