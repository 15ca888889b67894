"""Lists of receivables and payables, and their sums."""

from finance.obligations.model import Obligation, Payable, Receivable
from finance.obligations.schemas import ObligationTotalSchema, PayableSchema, ReceivableSchema
from servicekit import Listing, Noun, Totals
from servicekit.base.labels import Label


def _raised(
    model: type[Obligation], schema: type[ReceivableSchema], name: str, label: Label
) -> Noun[Obligation]:
    return Noun(
        model,
        schema,
        f"/v1/{name}s",
        name=name,
        label=label,
        row="FI-01",
        filters="contract_id contract_number customer_id owner_id summary~ status currency amount incurred_on due_on",
        sorts="created_at due_on amount",
        deeds={"write": None},
        tells="",
    )


RECEIVABLES = _raised(Receivable, ReceivableSchema, "receivable", ("应收", "Receivables"))
PAYABLES = _raised(Payable, PayableSchema, "payable", ("应付", "Payables"))


def _totals(of: Listing) -> Totals:
    """Return the sums of a list by currency: what was incurred, settled and is open (FI-14)."""
    model = of.model
    return Totals(
        of,
        ObligationTotalSchema,
        by=(model.currency,),
        sums={
            "amount": model.amount,
            "settled_amount": model.settled_amount,
            "outstanding_amount": model.amount - model.settled_amount - model.bad_debt_amount,
            "bad_debt_amount": model.bad_debt_amount,
        },
    )


RECEIVABLE_TOTALS = _totals(RECEIVABLES)
PAYABLE_TOTALS = _totals(PAYABLES)
