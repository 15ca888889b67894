"""Lists of receivables and payables, and their sums."""

from typing import Any

from finance.obligations.model import Obligation, Payable, Receivable
from finance.obligations.schemas import ObligationTotalSchema, PayableSchema, ReceivableSchema
from servicekit import Listing, Search, Totals

FILTERS: dict[str, Any] = {
    "contract_id": Obligation.contract_id,
    "contract_number": Obligation.contract_number,
    "customer_id": Obligation.customer_id,
    "owner_id": Obligation.owner_id,
    "summary": Search(Obligation.summary),
    "status": Obligation.status,
    "currency": Obligation.currency,
    "amount": Obligation.amount,
    "incurred_on": Obligation.incurred_on,
    "due_on": Obligation.due_on,
}
SORTS: dict[str, Any] = {
    "created_at": Obligation.created_at,
    "due_on": Obligation.due_on,
    "amount": Obligation.amount,
}

RECEIVABLES = Listing(Receivable, ReceivableSchema, "receivable.read", filters=FILTERS, sorts=SORTS)
PAYABLES = Listing(Payable, PayableSchema, "payable.read", filters=FILTERS, sorts=SORTS)


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
