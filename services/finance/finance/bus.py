"""What of this service must agree with others (docs/operating.md)."""

from typing import Any

from sqlalchemy import Select, func, select

from finance.obligations.model import Obligation
from servicekit import audited


class FinanceBus:
    """What contracts have raised."""

    @audited("signed-contracts", owner="contract")
    def audit_obligations(self) -> Select[*tuple[Any, ...]]:
        """Return what each contract has raised (FI-01, FI-04)."""
        return select(
            Obligation.contract_id.label("id"),
            func.max(Obligation.created_at).label("changed_at"),
            func.min(Obligation.direction).label("direction"),
            func.count().label("rows"),
            func.sum(Obligation.amount).label("amount"),
            func.min(Obligation.currency).label("currency"),
        ).group_by(Obligation.contract_id)
