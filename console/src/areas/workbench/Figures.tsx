import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { call } from "../../api/call";
import { type OperationName, operations } from "../../api/meta";
import { useAllowed, useMe } from "../../api/permissions";
import { useQuestion } from "../../resources/address";
import { type Day, firstOfMonth, useDay } from "../../resources/days";
import { money } from "../../resources/format";
import type { Query } from "../../resources/queries";
import { resourceOf } from "../../resources/registry";
import { UNPAID } from "./blocks";

type Total = { currency: string; count: number } & Record<string, unknown>;
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
    address: () => ({ "filter[status][in]": UNPAID }),
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
  const { permissions } = useMe().data!;
  const reach = permissions[operations[figure.totals].permission!] ?? permissions["*"];
  // Who sees more than their own is told what all of it comes to: a head answers for the team.
  const whole = reach !== undefined && reach !== "own";
  const address = { ...figure.address(useDay()), ...(!whole && { scope: "mine" }) };
  const question = useQuestion(resource, address);
  const filters = Object.fromEntries(Object.entries(question).filter(([key]) => key.startsWith("filter[")));
  const { data, isError } = useQuery({
    queryKey: [resource.name, "totals", filters],
    queryFn: ({ signal }) => call<{ items: Total[] }>(figure.totals, { query: filters, signal }),
    enabled: allowed,
  });
  if (!allowed) return null;
  const sums = Map.groupBy(data?.items ?? [], (total) => total.currency);
  const count = data?.items.reduce((sum, total) => sum + total.count, 0);
  return (
    <Link className="tile" to={`/${resource.name}?${new URLSearchParams(address)}`}>
      <span>
        {t(`workbench.figures.${figure.name}`)} · {t(whole ? "list.all" : "list.mine")}
      </span>
      <strong className="figure">
        {isError
          ? t("workbench.unknown")
          : [...sums]
              .map(([currency, totals]) => money(sumOf(totals, figure.sum), currency, i18n.language))
              .join(" + ") || (data ? "0" : "…")}
      </strong>
      <small>{count !== undefined && t("workbench.figures.count", { count })}</small>
    </Link>
  );
}

const SCALE = 4;

/** Sums of decimal strings, in whole ten-thousandths: a float would lose digits of what a year comes to. */
export function sumOf(totals: Total[], name: string): string {
  const digits = Math.max(0, ...totals.map((total) => String(total[name]).split(".")[1]?.length ?? 0));
  const whole = totals.reduce((sum, total) => sum + scaled(String(total[name])), 0n);
  const text = (whole < 0n ? -whole : whole).toString().padStart(SCALE + 1, "0");
  const fraction = text.slice(-SCALE).slice(0, digits);
  return `${whole < 0n ? "-" : ""}${text.slice(0, -SCALE)}${fraction && `.${fraction}`}`;
}

function scaled(amount: string) {
  const [units = "0", fraction = ""] = amount.split(".");
  return BigInt(units + fraction.padEnd(SCALE, "0"));
}
