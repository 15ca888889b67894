"""What can be asked about receivables and payables."""

from typing import Any

from sqlalchemy.orm import Session

from finance.obligations.queries import PAYABLE_TOTALS, PAYABLES, RECEIVABLE_TOTALS, RECEIVABLES
from servicekit import Caller, operation


@PAYABLES.operations("list get")
@RECEIVABLES.operations("list get")
class ObligationOperations:
    """Receivables and payables: they are raised by contracts and settled by receipts and payments."""

    @operation("GET /v1/receivables/totals", lists=RECEIVABLE_TOTALS)
    def total_receivables(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """Sum up the receivables the caller may see: incurred, settled and open, by currency (FI-14)."""
        return RECEIVABLE_TOTALS.page(session, caller, query)

    @operation("GET /v1/payables/totals", lists=PAYABLE_TOTALS)
    def total_payables(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """Sum up the payables the caller may see: incurred, settled and open, by currency (FI-14)."""
        return PAYABLE_TOTALS.page(session, caller, query)
