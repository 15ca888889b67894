"""What can be asked about receivables and payables."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from finance.obligations.queries import PAYABLE_TOTALS, PAYABLES, RECEIVABLE_TOTALS, RECEIVABLES
from finance.obligations.schemas import PayableSchema, ReceivableSchema
from servicekit import Caller, operation


class ObligationOperations:
    """Receivables and payables: they are raised by contracts and settled by receipts and payments."""

    @operation("GET /v1/receivables", lists=RECEIVABLES)
    def list_receivables(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the receivables the caller may see (FI-01, FI-04)."""
        return RECEIVABLES.page(session, caller, query)

    @operation("GET /v1/receivables/totals", lists=RECEIVABLE_TOTALS)
    def total_receivables(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """Sum up the receivables the caller may see: incurred, settled and open, by currency (FI-14)."""
        return RECEIVABLE_TOTALS.page(session, caller, query)

    @operation("GET /v1/receivables/{receivable_id}", permission="receivable.read", returns=ReceivableSchema)
    def get_receivable(self, session: Session, caller: Caller, receivable_id: UUID) -> Any:
        """Return one receivable (FI-01)."""
        return RECEIVABLES.record(session, caller, receivable_id)

    @operation("GET /v1/payables", lists=PAYABLES)
    def list_payables(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the payables the caller may see (FI-01, FI-04)."""
        return PAYABLES.page(session, caller, query)

    @operation("GET /v1/payables/totals", lists=PAYABLE_TOTALS)
    def total_payables(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """Sum up the payables the caller may see: incurred, settled and open, by currency (FI-14)."""
        return PAYABLE_TOTALS.page(session, caller, query)

    @operation("GET /v1/payables/{payable_id}", permission="payable.read", returns=PayableSchema)
    def get_payable(self, session: Session, caller: Caller, payable_id: UUID) -> Any:
        """Return one payable (FI-01)."""
        return PAYABLES.record(session, caller, payable_id)
