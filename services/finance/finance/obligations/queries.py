"""Lists of receivables and payables, and their sums."""

from finance.obligations.model import Payable, Receivable
from finance.obligations.schemas import ObligationTotalSchema, PayableSchema, ReceivableSchema
from servicekit import Listing, Noun, Totals

FILTERS = (
    "contract_id contract_number customer_id owner_id summary~ status currency amount incurred_on due_on"
)
SORTS = "created_at due_on amount"

RECEIVABLES = Noun(
    Receivable,
    ReceivableSchema,
    "/v1/receivables",
    name="receivable",
    label=("应收", "Receivables"),
    row="FI-01",
    filters=FILTERS,
    sorts=SORTS,
    deeds={"write": None},
    tells="",
)
PAYABLES = Noun(
    Payable,
    PayableSchema,
    "/v1/payables",
    name="payable",
    label=("应付", "Payables"),
    row="FI-01",
    filters=FILTERS,
    sorts=SORTS,
    deeds={"write": None},
    tells="",
)


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
