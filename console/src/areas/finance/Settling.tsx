import { useQuery } from "@tanstack/react-query";
import { Button, Form } from "antd";
import { useTranslation } from "react-i18next";
import { call, type Page, type Row } from "../../api/call";
import { settled } from "../../resources/exact";
import { money } from "../../resources/format";
import { useRecord } from "../../resources/queries";
import { type Owner, type Resource, resourceOf, titleOf } from "../../resources/registry";
import { UNPAID } from "./unpaid";
import "./settling.css";

type Props = { resource: Resource; field: string; owner?: Owner };
const MOST = 50;

export const ReceiptSettling = ({ owner }: { owner?: Owner }) => (
  <Settling resource={resourceOf("receivables")!} field="receivable_id" owner={owner} />
);
export const PaymentSettling = ({ owner }: { owner?: Owner }) => (
  <Settling resource={resourceOf("payables")!} field="payable_id" owner={owner} />
);

/** What a receipt or a payment will settle: which of the contract's terms, how much of it, and what becomes of the rest. */
function Settling({ resource, field, owner }: Props) {
  const form = Form.useFormInstance();
  const id = Form.useWatch(field, form) as string | undefined;
  const amount = Form.useWatch("amount", form) as string | undefined;
  const asAdvance = Form.useWatch("as_advance", form) === true;
  const chosen = useRecord(resource, id).data;
  const take = (row: Row) => form.setFieldsValue({ [field]: row.id, amount: row.outstanding_amount });
  return (
    <div className="settling">
      {owner?.by === "contract_id" && <OpenTerms resource={resource} contract={owner.id} chosen={id} onTake={take} />}
      {chosen && <Outcome row={chosen} amount={amount ?? ""} asAdvance={asAdvance} onWhole={() => take(chosen)} />}
    </div>
  );
}

/** The terms of a contract that are still open, the first one due on top. */
function OpenTerms({
  resource,
  contract,
  chosen,
  onTake,
}: {
  resource: Resource;
  contract: string;
  chosen?: string;
  onTake: (row: Row) => void;
}) {
  const { t, i18n } = useTranslation();
  const query = {
    "filter[contract_id]": contract,
    "filter[status][in]": UNPAID.join(","),
    sort: "due_on",
    limit: MOST,
  };
  const open = useQuery({
    queryKey: [resource.name, "open", contract],
    queryFn: ({ signal }) => call<Page>(resource.list, { query, signal }),
  });
  const rows = open.data?.items ?? [];
  if (open.isSuccess && rows.length === 0) return <p>{t("settling.none")}</p>;
  return (
    <fieldset>
      <legend>{t("settling.which")}</legend>
      {rows.map((row) => (
        <Button key={row.id} block aria-pressed={row.id === chosen} onClick={() => onTake(row)}>
          {t("settling.term", {
            name: titleOf(resource, row),
            day: row.due_on,
            amount: money(String(row.outstanding_amount), String(row.currency), i18n.language),
          })}
        </Button>
      ))}
    </fieldset>
  );
}

function Outcome({
  row,
  amount,
  asAdvance,
  onWhole,
}: {
  row: Row;
  amount: string;
  asAdvance: boolean;
  onWhole: () => void;
}) {
  const { t, i18n } = useTranslation();
  const shown = (value: string) => money(value, String(row.currency), i18n.language);
  const open = String(row.outstanding_amount);
  const outcome = settled(open, amount);
  return (
    <>
      <p aria-live="polite">
        {t("settling.open", { amount: shown(open) })}
        {outcome && t("settling.settles", { amount: shown(outcome.settles), rest: shown(outcome.stays) })}
        {outcome?.over && (
          <strong>{t(asAdvance ? "settling.advance" : "settling.tooMuch", { amount: shown(outcome.over) })}</strong>
        )}
      </p>
      <Button size="small" disabled={amount === open} onClick={onWhole}>
        {t("settling.whole", { amount: shown(open) })}
      </Button>
    </>
  );
}
