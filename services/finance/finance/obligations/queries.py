"""Lists of receivables and payables, and their sums."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from finance.obligations.model import Obligation, Payable, Receivable
from finance.obligations.schemas import ObligationTotalSchema, PayableSchema, ReceivableSchema
from servicekit import Caller, Invalid, Listing, Search, visible_owners

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


class Totals(Listing):
    """The sums of a list by currency: what was incurred, settled and is open (FI-14)."""

    paged = False

    def __init__(self, of: Listing) -> None:
        super().__init__(of.model, ObligationTotalSchema, of.permission, filters=of.filters, sorts=of.sorts)
        # The same filter lets the same rows through.
        self.compared = of.schema

    def page(
        self, session: Session, caller: Caller, query: Mapping[str, str], *where: ColumnElement[bool]
    ) -> dict[str, Any]:
        """Return one item a currency, over everything that the caller may see and that the filters let through.

        Raises:
            Invalid: ``invalid-query``; only filters are taken.
        """
        others = [name for name in query if not name.startswith("filter[")]
        if others:
            raise Invalid(
                "invalid-query",
                "Sums take filters only.",
                [{"field": name, "message": "There is no such parameter."} for name in others],
            )
        model = self.model
        outstanding = model.amount - model.settled_amount - model.bad_debt_amount
        sums = (
            select(
                model.currency,
                func.sum(model.amount).label("amount"),
                func.sum(model.settled_amount).label("settled_amount"),
                func.sum(outstanding).label("outstanding_amount"),
                func.sum(model.bad_debt_amount).label("bad_debt_amount"),
                func.count().label("count"),
            )
            .where(*where, *self.conditions(query))
            .where(*self._owned_by(visible_owners(session, caller, self.permission)))
            .group_by(model.currency)
            .order_by(model.currency)
        )
        return {"items": self.schema(many=True).dump(session.execute(sums).all()), "next": None}


RECEIVABLE_TOTALS = Totals(RECEIVABLES)
PAYABLE_TOTALS = Totals(PAYABLES)
